using System.Buffers;
using System.Security.Cryptography;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// Makes a delta's data again under its own name, frame by frame: a frame whose blocks still prove
/// themselves is taken as it is; of another one the blocks are found elsewhere and encoded as they
/// were. The whole must hash to what the index recorded, so that it is what was there.
/// </summary>
internal sealed class DataRepair(
    IObjectStore store, ShardChain chain, DeltaReads reads, BlockFinder finder, Repairs repairs)
{
    private const int PartBytes = 4 << 20;

    /// <summary>Looks at the data of a sound index and mends it.</summary>
    public async Task RunAsync(
        ShardLink link, DeltaKey key, StorageTier byDefault, CancellationToken cancellation)
    {
        if (await reads.FindAsync(key, cancellation) is not { } index) return;
        var name = reads.DataName(index.Place);
        var found = await store.FindAsync(name, cancellation);
        // What is archived is not read; it is not touched either.
        if (found?.Tier == StorageTier.Archive) return;
        // A pack ends with no copy of the index: its members have theirs behind their frames.
        var copy = index.Pack == 0 ? index.Encode() : [];
        if (found is not null && await IsSoundAsync(found, index, copy, cancellation)) return;
        if (index.Pack != 0)
        {
            repairs.Lose(
                name, "it lies in a pack, which is never written again: restore the versions that "
                + "can be read and ingest them anew", chain.Behind(link));
            return;
        }
        var work = new Work(
            name, index, found, IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
        using (work.Hash)
        {
            await FramesAsync(work, cancellation);
            if (work.Missing.Count > 0)
            {
                repairs.Lose(
                    name, work.Missing, "no other copy of these blocks", chain.Behind(link));
                return;
            }
            if (new Hash256(work.Hash.GetHashAndReset()) != index.DataHash)
            {
                repairs.Lose(
                    name, "its frames cannot be encoded as they were: restore the versions that "
                    + "can be read and ingest them anew", chain.Behind(link));
                return;
            }
            await CommitAsync(work, key, copy, found?.Tier ?? byDefault, cancellation);
            repairs.Mend(name, work.From ?? "its sound frames and its index");
        }
    }

    private async Task<bool> IsSoundAsync(
        ObjectProperties found, DeltaIndex index, byte[] copy, CancellationToken cancellation)
    {
        var ends = index.PackOffset + index.DataBytes + copy.Length;
        if (index.Pack == 0 ? found.LengthBytes != ends : found.LengthBytes < ends) return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Math.Min(PartBytes, index.DataBytes)];
        for (var at = 0L; at < index.DataBytes; at += piece.Length)
        {
            var part = piece.AsMemory(0, (int)Math.Min(piece.Length, index.DataBytes - at));
            await store.ReadAsync(
                found.Name, index.PackOffset + at, part, found.ETag, cancellation);
            hash.AppendData(part.Span);
        }
        var tail = new byte[copy.Length];
        await store.ReadAsync(found.Name, index.DataBytes, tail, found.ETag, cancellation);
        return new Hash256(hash.GetHashAndReset()) == index.DataHash
            && tail.AsSpan().SequenceEqual(copy);
    }

    private async Task FramesAsync(Work work, CancellationToken cancellation)
    {
        var entries = work.Index.Entries.Where(e => e.Frame >= 0).ToLookup(e => e.Frame);
        for (var i = 0; i < work.Index.Frames.Count; i++)
        {
            var frame = work.Index.Frames[i];
            var stored = await KeptAsync(work, frame, [.. entries[i]], cancellation)
                ?? await AnewAsync(work, frame, [.. entries[i]], cancellation);
            // Once a block is missing nothing is written; the others are only looked for.
            if (stored is null || work.Missing.Count > 0) continue;
            work.Hash.AppendData(stored);
            await work.AddAsync(store, stored, cancellation);
        }
    }

    /// <summary>The frame as it lies there, if every block that it gives proves itself.</summary>
    private async Task<byte[]?> KeptAsync(
        Work work, DeltaFrame frame, List<DeltaEntry> entries, CancellationToken cancellation)
    {
        if (work.Found is not { } found || frame.Offset + frame.StoredBytes > found.LengthBytes)
            return null;
        var content = new byte[chain.Layout.BlockBytes];
        foreach (var entry in entries)
        {
            if (!await finder.ReadAsync(
                work.Index.To, entry.Block, entry.Hash, content, cancellation)) return null;
        }
        var stored = new byte[frame.StoredBytes];
        await store.ReadAsync(found.Name, frame.Offset, stored, found.ETag, cancellation);
        // A damaged frame can still decode to the right bytes: it is encoded as it was.
        var raw = new byte[frame.Sectors * chain.Layout.SectorBytes];
        Frames.Decode(frame.Codec, stored, raw, found.Name);
        var again = EncodedFrame.Make(raw, found.Name);
        var same = again.Codec == frame.Codec && again.StoredBytes == frame.StoredBytes
            ? again.Stored.ToArray() : stored;
        again.Return();
        return same;
    }

    private async Task<byte[]?> AnewAsync(
        Work work, DeltaFrame frame, List<DeltaEntry> entries, CancellationToken cancellation)
    {
        var layout = chain.Layout;
        var raw = new byte[frame.Sectors * layout.SectorBytes];
        var content = new byte[layout.BlockBytes];
        foreach (var entry in entries)
        {
            var from = await finder.FindAsync(entry.Block, entry.Hash, content, cancellation);
            if (from is null)
            {
                work.Missing.Add(entry.Block);
                continue;
            }
            work.From = from;
            var at = entry.Position * layout.SectorBytes;
            for (var s = 0; s < layout.SectorsPerBlock; s++)
            {
                if ((entry.Stored >> s & 1) == 0) continue;
                content.AsSpan(s * layout.SectorBytes, layout.SectorBytes).CopyTo(raw.AsSpan(at));
                at += layout.SectorBytes;
            }
        }
        if (work.Missing.Count > 0) return null;
        var encoded = EncodedFrame.Make(raw, work.Name);
        var stored = encoded.Stored.ToArray();
        encoded.Return();
        return stored;
    }

    private async Task CommitAsync(
        Work work, DeltaKey key, byte[] copy, StorageTier tier, CancellationToken cancellation)
    {
        for (var at = 0; at < copy.Length; at += PartBytes)
            await work.AddAsync(
                store, copy.AsMemory(at, Math.Min(PartBytes, copy.Length - at)), cancellation);
        await work.StageAsync(store, cancellation);
        await store.CommitBlocksAsync(
            work.Name, work.Blocks,
            new WriteOptions(
                IfMatch: work.Found?.ETag, IfAbsent: work.Found is null, Tier: tier,
                Metadata: DeltaPublication.Describe(chain.Shard, key)),
            cancellation);
    }

    private sealed class Work(
        string name, DeltaIndex index, ObjectProperties? found, IncrementalHash hash)
    {
        private readonly ArrayBufferWriter<byte> _part = new();

        public string Name => name;

        public DeltaIndex Index => index;

        public ObjectProperties? Found => found;

        public IncrementalHash Hash => hash;

        public List<int> Missing { get; } = [];

        public List<BlockReference> Blocks { get; } = [];

        public string? From { get; set; }

        public async Task AddAsync(
            IObjectStore store, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            if (_part.WrittenCount + bytes.Length > PartBytes) await StageAsync(store, cancellation);
            _part.Write(bytes.Span);
        }

        public async Task StageAsync(IObjectStore store, CancellationToken cancellation)
        {
            if (_part.WrittenCount == 0) return;
            var id = BlockIds.Part(Blocks.Count, Hash256.Of(_part.WrittenSpan));
            await store.StageBlockAsync(name, id, _part.WrittenMemory, cancellation);
            Blocks.Add(new BlockReference(id, false));
            _part.ResetWrittenCount();
        }
    }
}
