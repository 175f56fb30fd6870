using System.Security.Cryptography;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Writing;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// Makes the data of a delta that has its own object again under its own name, frame by frame. The
/// whole must hash to what the index recorded, so that it is what was there.
/// </summary>
internal sealed class DataRepair(
    IObjectStore store, ShardChain chain, DeltaReads reads, BlockFinder finder, Repairs repairs)
{
    /// <summary>Looks at the data of a sound index and mends it.</summary>
    public async Task RunAsync(
        ShardLink link, DeltaKey key, StorageTier byDefault, CancellationToken cancellation)
    {
        // What lies in a pack is mended with the pack, which is one object of many shards.
        if (await reads.FindAsync(key, cancellation) is not { Pack: 0 } index) return;
        var name = reads.DataName(index.Place);
        var found = await store.FindAsync(name, cancellation);
        // What is archived is not read; it is not touched either.
        if (found?.Tier == StorageTier.Archive) return;
        var copy = index.Encode();
        var frames = new FrameRepair(store, chain, finder, index, found, name);
        if (found is not null && await EndsAsync(found, index, copy, cancellation)
            && await frames.IsSoundAsync(cancellation)) return;
        var parts = new MendedParts(store, name);
        var hash = await FramesAsync(frames, index, parts, cancellation);
        if (hash is null)
        {
            repairs.Lose(
                name, frames.Missing, "no other copy of these blocks", chain.Behind(link));
            return;
        }
        if (hash != index.DataHash)
        {
            repairs.Lose(
                name, "its frames cannot be encoded as they were: restore the versions that "
                + "can be read and ingest them anew", chain.Behind(link));
            return;
        }
        await parts.AddAllAsync(copy, cancellation);
        await parts.CommitAsync(
            new WriteOptions(
                IfMatch: found?.ETag, IfAbsent: found is null, Tier: found?.Tier ?? byDefault,
                Metadata: DeltaPublication.Describe(chain.Shard, key)),
            cancellation);
        repairs.Mend(name, frames.From ?? "its sound frames and its index");
    }

    private async Task<bool> EndsAsync(
        ObjectProperties found, DeltaIndex index, byte[] copy, CancellationToken cancellation)
    {
        if (found.LengthBytes != index.DataBytes + copy.Length) return false;
        var tail = new byte[copy.Length];
        await store.ReadAsync(found.Name, index.DataBytes, tail, found.ETag, cancellation);
        return tail.AsSpan().SequenceEqual(copy);
    }

    private static async Task<Hash256?> FramesAsync(
        FrameRepair frames, DeltaIndex index, MendedParts parts, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < index.Frames.Count; i++)
        {
            var stored = await frames.FrameAsync(i, cancellation);
            // Once a block is missing nothing is written; the others are only looked for.
            if (stored is null || frames.Missing.Count > 0) continue;
            hash.AppendData(stored);
            await parts.AddAsync(stored, cancellation);
        }
        return frames.Missing.Count > 0 ? null : new Hash256(hash.GetHashAndReset());
    }
}
