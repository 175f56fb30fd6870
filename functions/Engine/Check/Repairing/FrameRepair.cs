using System.Security.Cryptography;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Writing;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// Makes the frames of one delta again: one whose blocks still prove themselves is taken as it is;
/// of another the blocks are found elsewhere and encoded as they were.
/// </summary>
/// <param name="store">Where the data lies.</param>
/// <param name="chain">The shard's chain.</param>
/// <param name="finder">Finds blocks elsewhere.</param>
/// <param name="index">The delta's index, which is sound.</param>
/// <param name="found">The object with its data, or the pack; null when it is gone.</param>
/// <param name="name">That object's name.</param>
internal sealed class FrameRepair(
    IObjectStore store, ShardChain chain, BlockFinder finder, DeltaIndex index,
    ObjectProperties? found, string name)
{
    private readonly ILookup<int, DeltaEntry> _entries =
        index.Entries.Where(e => e.Frame >= 0).ToLookup(e => e.Frame);

    /// <summary>The blocks that are nowhere.</summary>
    public List<int> Missing { get; } = [];

    /// <summary>Where the last block that was looked for is from; null when none was.</summary>
    public string? From { get; private set; }

    /// <summary>Whether all data is there and hashes to what the index says.</summary>
    public async Task<bool> IsSoundAsync(CancellationToken cancellation)
    {
        if (found is null || found.LengthBytes < index.PackOffset + index.DataBytes) return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Math.Min(MendedParts.PartBytes, index.DataBytes)];
        for (var at = 0L; at < index.DataBytes; at += piece.Length)
        {
            var part = piece.AsMemory(0, (int)Math.Min(piece.Length, index.DataBytes - at));
            await store.ReadAsync(name, index.PackOffset + at, part, found.ETag, cancellation);
            hash.AppendData(part.Span);
        }
        return new Hash256(hash.GetHashAndReset()) == index.DataHash;
    }

    /// <summary>A frame's stored bytes as they were; null when a block of it is nowhere.</summary>
    public async Task<byte[]?> FrameAsync(int number, CancellationToken cancellation)
    {
        var frame = index.Frames[number];
        List<DeltaEntry> entries = [.. _entries[number]];
        return await KeptAsync(frame, entries, cancellation)
            ?? await AnewAsync(frame, entries, cancellation);
    }

    /// <summary>The frame as it lies there, if every block that it gives proves itself.</summary>
    private async Task<byte[]?> KeptAsync(
        DeltaFrame frame, List<DeltaEntry> entries, CancellationToken cancellation)
    {
        var offset = index.PackOffset + frame.Offset;
        if (found is null || offset + frame.StoredBytes > found.LengthBytes) return null;
        var content = new byte[chain.Layout.BlockBytes];
        foreach (var entry in entries)
        {
            if (!await finder.ReadAsync(
                index.To, entry.Block, entry.Hash, content, cancellation)) return null;
        }
        var stored = new byte[frame.StoredBytes];
        await store.ReadAsync(name, offset, stored, found.ETag, cancellation);
        // A damaged frame can still decode to the right bytes: it is encoded as it was.
        var raw = new byte[frame.Sectors * chain.Layout.SectorBytes];
        Frames.Decode(frame.Codec, stored, raw, name);
        byte[]? first = null;
        foreach (var made in AsItWas(frame, raw))
        {
            if (made.AsSpan().SequenceEqual(stored)) return stored;
            first ??= made;
        }
        return first ?? stored;
    }

    /// <summary>
    /// What may have been stored of these bytes, of the length that is recorded: each is encoded
    /// when it is asked for, as the first is mostly the one.
    /// </summary>
    private IEnumerable<byte[]> AsItWas(DeltaFrame frame, byte[] raw)
    {
        foreach (var (codec, stored) in Frames.Encodings(raw))
        {
            if (codec != frame.Codec || stored.Length != frame.StoredBytes) continue;
            EncodedFrame.Prove(codec, stored, raw, name);
            yield return stored;
        }
    }

    private async Task<byte[]?> AnewAsync(
        DeltaFrame frame, List<DeltaEntry> entries, CancellationToken cancellation)
    {
        var layout = chain.Layout;
        var raw = new byte[frame.Sectors * layout.SectorBytes];
        var content = new byte[layout.BlockBytes];
        var missing = Missing.Count;
        foreach (var entry in entries)
        {
            var from = await finder.FindAsync(entry.Block, entry.Hash, content, cancellation);
            if (from is null)
            {
                Missing.Add(entry.Block);
                continue;
            }
            From = from;
            var at = entry.Position * layout.SectorBytes;
            for (var s = 0; s < layout.SectorsPerBlock; s++)
            {
                if ((entry.Stored >> s & 1) == 0) continue;
                content.AsSpan(s * layout.SectorBytes, layout.SectorBytes).CopyTo(raw.AsSpan(at));
                at += layout.SectorBytes;
            }
        }
        if (Missing.Count > missing) return null;
        if (AsItWas(frame, raw).FirstOrDefault() is { } known) return known;
        var encoded = EncodedFrame.Make(raw, name);
        var stored = encoded.Stored.ToArray();
        encoded.Return();
        return stored;
    }
}
