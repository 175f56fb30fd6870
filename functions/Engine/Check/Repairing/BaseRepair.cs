using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// Mends a base: index pages from the directories of its segments, and damaged segments by writing
/// their live blocks anew, each proved by its hash. The base is committed over the state that was
/// read, under the repair's operation, and only if its node is what it was.
/// </summary>
internal sealed class BaseRepair(
    IObjectStore store, ShardChain chain, BlockFinder finder, Repairs repairs)
{
    private Layout Layout => chain.Layout;

    /// <summary>Looks at every page and segment and mends what is damaged.</summary>
    public async Task RunAsync(
        long operation, StorageTier tier, CancellationToken cancellation)
    {
        if (chain.Base.Footer is not { } footer) return;
        var image = await BaseImage.OpenAsync(
            store, chain.Shard, chain.Manifest.Head, cancellation);
        if (!string.Equals(image.ETag, chain.Base.Properties!.ETag, StringComparison.Ordinal))
            throw new OvertakenException(image.Name, "it was committed while it was looked at");
        await using var writer = new BaseWriter(store, image, operation);
        var bad = await BadSegmentsAsync(image, cancellation);
        var shared = await SharedAsync(image, cancellation);
        var from = await PagesAsync(image, writer, bad, shared ?? [], cancellation);
        if (from is null) return;
        if (shared is null) from.Add("the table of shared frames from the index pages");
        writer.Know(
            shared ?? await SharedNames.OfAsync(
                image, bad.Select(b => b.Record.Number).ToHashSet(), cancellation),
            isAnew: shared is null);
        foreach (var (segment, bytes) in bad)
            await MoveAsync(image, writer, segment, bytes, from, cancellation);
        if (from.Count == 0) return;
        var sealed_ = await writer.SealAsync(
            footer.Version, footer.Version, footer.DiskBytes, footer.Card, cancellation);
        if (sealed_.Node != footer.Node)
            throw new ProofFailedException(
                $"the mended base of {chain.Shard}", footer.Node, sealed_.Node);
        await writer.CommitAsync(tier, cancellation);
        repairs.Mend(image.Name, string.Join(", ", from.Distinct(StringComparer.Ordinal)));
    }

    private static async Task<List<(SegmentRecord Record, byte[] Bytes)>> BadSegmentsAsync(
        BaseImage image, CancellationToken cancellation)
    {
        var bad = new List<(SegmentRecord, byte[])>();
        foreach (var segment in image.Footer.Segments)
        {
            var bytes = await image.ReadSegmentUnprovedAsync(segment, cancellation);
            if (Hash256.Of(bytes) != segment.Hash) bad.Add((segment, bytes));
        }
        return bad;
    }

    /// <summary>The table of shared frames; null when it is damaged.</summary>
    private static async Task<IReadOnlyList<SharedBlock>?> SharedAsync(
        BaseImage image, CancellationToken cancellation)
    {
        try
        {
            return await image.ReadSharedAsync(cancellation);
        }
        catch (CorruptObjectException)
        {
            return null;
        }
    }

    /// <summary>Loads all pages; answers what was mended, or null when the base cannot be.</summary>
    private async Task<List<string>?> PagesAsync(
        BaseImage image, BaseWriter writer, List<(SegmentRecord Record, byte[] Bytes)> bad,
        IReadOnlyList<SharedBlock> shared, CancellationToken cancellation)
    {
        var from = new List<string>();
        foreach (var record in image.Footer.Pages)
        {
            try
            {
                await image.LoadPagesAsync([record.Number], cancellation);
            }
            catch (CorruptObjectException)
            {
                if (bad.Count > 0
                    || await PageAsync(image, record, shared, cancellation) is not { } page)
                {
                    var first = record.Number * Layout.BlocksPerPage;
                    repairs.Lose(
                        image.Name, Enumerable.Range(first, Layout.BlocksPerPage),
                        $"index page {record.Number} cannot be made again from the segments",
                        chain.Versions);
                    return null;
                }
                image.Adopt(page);
                writer.Restage(record.Number);
                from.Add(page.Entries.Any(e => e.IsOrigin)
                    ? "an index page from the segments' directories and the clone's origin"
                    : "an index page from the segments' directories");
            }
        }
        return from;
    }

    /// <summary>
    /// A page from the segments: of a block that several hold the newest is taken that makes the
    /// page what its hash says. What a clone's segments do not hold is its origin's, but for blocks
    /// that a delta tells the clone to have changed: those are zero now.
    /// </summary>
    private async Task<IndexPage?> PageAsync(
        BaseImage image, PageRecord record, IReadOnlyList<SharedBlock> shared,
        CancellationToken cancellation)
    {
        var own = await OwnAsync(image, record, shared, cancellation);
        if (IsRight(own, record)) return own;
        if (await finder.OriginAsync(cancellation) is not { } origin) return null;
        var changed = await finder.ChangedAsync(cancellation);
        foreach (var ignored in new IReadOnlySet<int>[] { new HashSet<int>(), changed })
        {
            var page = new IndexPage(record.Number, Layout);
            own.Entries.CopyTo(page.Entries.AsSpan());
            if (!await ShareAsync(page, origin, ignored, cancellation)) return null;
            if (IsRight(page, record)) return page;
        }
        return null;
    }

    private static bool IsRight(IndexPage page, PageRecord record) =>
        page.Node() == record.Node && Hash256.Of(page.Encode()) == record.Hash;

    /// <summary>Leaves what a page lacks to the origin; false where that cannot be read.</summary>
    private async Task<bool> ShareAsync(
        IndexPage page, ShardView origin, IReadOnlySet<int> ignored,
        CancellationToken cancellation)
    {
        var first = page.Number * Layout.BlocksPerPage;
        try
        {
            await origin.LoadPagesAsync([page.Number], cancellation);
        }
        catch (SnapshotException error) when (BlockFinder.IsDamage(error))
        {
            return false;
        }
        for (var i = 0; i < page.Entries.Length; i++)
        {
            if (!page.Entries[i].IsZero || ignored.Contains(first + i)) continue;
            var hash = origin.HashOf(first + i);
            if (!hash.IsZero) page.Entries[i] = IndexEntry.OfOrigin(hash);
        }
        return true;
    }

    /// <summary>
    /// A page of the blocks that the segments hold. Of a block in the table of shared frames, the
    /// table tells which frame is its own, whatever else the directories name it for.
    /// </summary>
    private async Task<IndexPage> OwnAsync(
        BaseImage image, PageRecord record, IReadOnlyList<SharedBlock> shared,
        CancellationToken cancellation)
    {
        var page = new IndexPage(record.Number, Layout);
        var first = record.Number * Layout.BlocksPerPage;
        var content = new byte[Layout.BlockBytes];
        var tabled = shared
            .Where(s => s.Block / Layout.BlocksPerPage == record.Number).ToList();
        var settled = tabled.Select(s => s.Block).ToHashSet();
        var named = tabled.ToLookup(s => (s.Segment, s.Offset), s => s.Block);
        foreach (var segment in image.Footer.Segments.OrderBy(s => s.Number))
        {
            var bytes = await image.ReadSegmentAsync(segment, cancellation);
            foreach (var (block, offset, length) in SegmentBuilder.Directory(bytes, image.Name))
            {
                var isOwn = block / Layout.BlocksPerPage == record.Number
                    && !settled.Contains(block);
                List<int> blocks =
                    [.. named[(segment.Number, offset)], .. isOwn ? new[] { block } : []];
                if (blocks.Count == 0) continue;
                var stored = bytes.AsSpan(offset, length);
                var codec = length == Layout.BlockBytes ? FrameCodec.Stored : FrameCodec.Zstd;
                try
                {
                    Frames.Decode(codec, stored, content, image.Name);
                }
                catch (CorruptObjectException)
                {
                    continue;
                }
                var entry = new IndexEntry(
                    Hash256.Of(content), segment.Number, offset, length, codec);
                foreach (var one in blocks) page.Entries[one - first] = entry;
            }
        }
        return page;
    }

    private async Task MoveAsync(
        BaseImage image, BaseWriter writer, SegmentRecord segment, byte[] bytes,
        List<string> from, CancellationToken cancellation)
    {
        var lost = new List<int>();
        var moved = new List<(int Block, IndexEntry Entry, byte[] Content, string From)>();
        foreach (var record in image.Footer.Pages)
        {
            var entries = image.Page(record.Number).Entries;
            for (var i = 0; i < entries.Length; i++)
            {
                if (!entries[i].HasFrame || entries[i].Segment != segment.Number) continue;
                var block = (record.Number * Layout.BlocksPerPage) + i;
                var content = new byte[Layout.BlockBytes];
                var source = IsSound(bytes, entries[i], content) ? "its other blocks"
                    : await finder.FindAsync(block, entries[i].Hash, content, cancellation);
                if (source is null) lost.Add(block);
                else moved.Add((block, entries[i], content, source));
            }
        }
        TakeFromEqual(image, lost, moved);
        if (lost.Count > 0)
            repairs.Lose(
                image.Name, lost, "no other copy of these blocks: ingest a full image, and the "
                + "versions from then on are whole", chain.Versions);
        foreach (var (block, entry, content, source) in moved)
        {
            // While a block of it is lost the segment stays, and only what was found elsewhere moves.
            if (lost.Count > 0 && IsSound(bytes, entry, new byte[content.Length])) continue;
            await writer.SetAsync(block, entry.Hash, content.AsSpan(), cancellation);
            from.Add(source);
        }
        if (moved.Count == 0 && lost.Count == 0) from.Add("a segment without live blocks dropped");
    }

    /// <summary>What was found for one block of a shared frame does for all of them.</summary>
    private static void TakeFromEqual(
        BaseImage image, List<int> lost,
        List<(int Block, IndexEntry Entry, byte[] Content, string From)> moved)
    {
        var found = new Dictionary<Hash256, (byte[] Content, string From)>();
        foreach (var (_, entry, content, from) in moved)
            found.TryAdd(entry.Hash, (content, from));
        lost.RemoveAll(block =>
        {
            var entry = image.Entry(block);
            if (!found.TryGetValue(entry.Hash, out var equal)) return false;
            moved.Add((block, entry, equal.Content, equal.From));
            return true;
        });
    }

    private bool IsSound(byte[] bytes, in IndexEntry entry, byte[] content)
    {
        if (entry.Offset + entry.StoredBytes > bytes.Length) return false;
        try
        {
            Frames.Decode(
                entry.Codec, bytes.AsSpan(entry.Offset, entry.StoredBytes), content,
                ObjectNames.Base(chain.Shard));
            return Sectors.HashOf(content) == entry.Hash;
        }
        catch (CorruptObjectException)
        {
            return false;
        }
    }
}
