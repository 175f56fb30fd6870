using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// Derives the blocks of one index page at every version from bytes: the base's block, then each
/// delta's sectors laid over it, hashed after each. A block that fails is told once and then left.
/// It goes stretch by stretch, so that few blocks are held at once.
/// </summary>
internal sealed class PageReplay(
    ShardChain chain, BaseBytes bytes, IndexPage page, Memory<byte> room, DeltaReads reads,
    Findings findings)
{
    private readonly byte[] _held = new byte[chain.Layout.BlockBytes];
    private readonly HashSet<PageSlice> _unread = [];
    private (PageSlice? Slice, long Offset) _holds;

    private Layout Layout => chain.Layout;

    private int FirstBlock => page.Number * Layout.BlocksPerPage;

    /// <summary>Proves every block of the base, also those that no delta touches.</summary>
    public async Task CheckBaseAsync(CancellationToken cancellation)
    {
        var content = new byte[Layout.BlockBytes];
        for (var i = 0; i < page.Entries.Length; i++)
        {
            if (!page.Entries[i].IsZero)
                await bytes.ReadBlockAsync(
                    FirstBlock + i, page.Entries[i], content, cancellation);
        }
    }

    /// <summary>Walks the deltas of one direction, nearest to the base first.</summary>
    public async Task RunAsync(IReadOnlyList<PageSlice> slices, CancellationToken cancellation)
    {
        var stretch = PageContents.StretchBlocks(Layout);
        var end = FirstBlock + Layout.BlocksPerPage;
        for (var first = FirstBlock; first < end; first += stretch)
            await ReplayAsync(slices, first, Math.Min(end, first + stretch), cancellation);
        CheckNodes(slices);
    }

    /// <summary>Lays all deltas over the blocks of one stretch.</summary>
    private async Task ReplayAsync(
        IReadOnlyList<PageSlice> slices, int first, int end, CancellationToken cancellation)
    {
        var contents = new PageContents(room, first, Layout);
        foreach (var slice in slices)
        {
            foreach (var run in slice.Runs(page.Number))
                for (var block = Math.Max(first, run.First); block < Math.Min(end, run.End); block++)
                    contents.Begin(block).Span.Clear();
            var entries = slice.Entries(page.Number, first, end);
            if (entries.Count == 0) continue;
            // What cannot be read is told once, not by every stretch.
            var data = _unread.Contains(slice) ? null
                : await ReadAsync(slice, entries, cancellation);
            foreach (var (entry, frame) in entries)
                await LayAsync(slice, entry, frame, data, contents, cancellation);
            data?.Buffer?.Return();
            _holds = default;
        }
    }

    /// <summary>Proves the node that each delta records for the page.</summary>
    private void CheckNodes(IReadOnlyList<PageSlice> slices)
    {
        var hashes = page.Entries.Select(e => e.Hash).ToArray();
        foreach (var slice in slices)
        {
            var (entries, runs) = (slice.Entries(page.Number), slice.Runs(page.Number));
            if (entries.Count == 0 && runs.Count == 0) continue;
            foreach (var run in runs)
                hashes.AsSpan(run.First - FirstBlock, run.Count).Clear();
            foreach (var (entry, _) in entries) hashes[entry.Block - FirstBlock] = entry.Hash;
            var node = Fingerprints.Page(hashes);
            // A run of zeros goes on over pages that were zero already; these are not listed.
            Hash256? recorded = slice.Node(page.Number);
            if (recorded is null && entries.Count == 0) recorded = Hash256.Zero;
            if (recorded != node)
                findings.Add(
                    reads.IndexName(slice.Key),
                    $"node {slice.Node(page.Number)} of page {page.Number}", $"{node}",
                    chain.Behind(slice.Link));
        }
    }

    private async Task LayAsync(
        PageSlice slice, DeltaEntry entry, DeltaFrame frame, Data? data,
        PageContents contents, CancellationToken cancellation)
    {
        if (!contents.IsBegun(entry.Block))
        {
            var content = contents.Begin(entry.Block);
            var kept = page.Entries[entry.Block - FirstBlock];
            if (kept.IsZero) content.Span.Clear();
            else if (!await bytes.ReadBlockAsync(entry.Block, kept, content, cancellation))
                contents.GiveUp(entry.Block);
        }
        if (entry.Stored != 0 && data is null) contents.GiveUp(entry.Block);
        if (contents.IsGivenUp(entry.Block) || reads.Store is IPlannedReads) return;
        findings.Blocks++;
        try
        {
            Lay(slice, entry, frame, data, contents.Of(entry.Block).Span);
        }
        catch (CorruptObjectException error)
        {
            contents.GiveUp(entry.Block);
            findings.Add(error, error.ObjectName, chain.Behind(slice.Link));
        }
    }

    private void Lay(
        PageSlice slice, in DeltaEntry entry, in DeltaFrame frame, Data? data, Span<byte> content)
    {
        var name = reads.DataName(slice.Place);
        var size = Layout.SectorBytes;
        // Neighbouring blocks share frames.
        if (entry.Stored != 0 && _holds != (slice, frame.Offset))
        {
            _holds = default;
            var stored = data!.Buffer!.Span.Slice(
                (int)(frame.Offset - data.Offset), frame.StoredBytes);
            Frames.Decode(frame.Codec, stored, _held.AsSpan(0, frame.Sectors * size), name);
            _holds = (slice, frame.Offset);
        }
        var next = entry.Position;
        for (var sector = 0; sector < Layout.SectorsPerBlock; sector++)
        {
            var target = content.Slice(sector * size, size);
            if ((entry.Zero >> sector & 1) != 0) target.Clear();
            else if ((entry.Stored >> sector & 1) != 0)
                _held.AsSpan(next++ * size, size).CopyTo(target);
        }
        var hash = Hash256.Of(content);
        if (hash != entry.Hash)
            throw new CorruptObjectException(
                name, $"block {entry.Block} at version {slice.Key.To} of SHA-256 {entry.Hash}",
                $"{hash}");
    }

    /// <summary>Frames of neighbours lie side by side: one read. Null when they cannot be read.</summary>
    private async Task<Data?> ReadAsync(
        PageSlice slice, IReadOnlyList<(DeltaEntry Entry, DeltaFrame Frame)> entries,
        CancellationToken cancellation)
    {
        var frames = entries.Where(e => e.Entry.Frame >= 0).Select(e => e.Frame).ToList();
        if (frames.Count == 0) return null;
        var first = frames.Min(f => f.Offset);
        var end = frames.Max(f => f.Offset + f.StoredBytes);
        var name = reads.DataName(slice.Place);
        try
        {
            if (reads.Store is IPlannedReads planned)
            {
                await planned.PlanReadAsync(name, first, end - first, cancellation);
                return new Data(first, null);
            }
            var length = checked((int)(end - first));
            var buffer = PageBuffer.Rent(length);
            await reads.Store.ReadAsync(
                name, slice.Place.Offset + first, buffer.Memory, null, cancellation);
            findings.BytesRead += length;
            return new Data(first, buffer);
        }
        catch (ObjectArchivedException)
        {
            findings.Archive(name);
            _unread.Add(slice);
            return null;
        }
        catch (StoreException error) when (error is ObjectNotFoundException or StoreRefusedException)
        {
            findings.Add(error, name, chain.Behind(slice.Link));
            _unread.Add(slice);
            return null;
        }
    }

    private sealed record Data(long Offset, PageBuffer? Buffer);
}
