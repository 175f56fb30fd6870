using System.Buffers;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check;

/// <summary>The index pages, segments and blocks of a base, each proved as it is read.</summary>
/// <remarks>Once its pages are loaded it may be read from several sides, each by its own copy.</remarks>
internal sealed partial class BaseBytes(IObjectStore store, ShardChain chain, Findings findings)
{
    private Dictionary<int, IndexPage> _pages = [];
    private Dictionary<int, (SegmentRecord Record, long Offset)> _segments = [];
    private HashSet<int> _broken = [];
    private Dictionary<int, SharedBlock>? _shared = [];

    private string Name => ObjectNames.Base(chain.Shard);

    private Layout Layout => chain.Layout;

    /// <summary>A page; null when it is damaged, which was told.</summary>
    public IndexPage? Page(int page) => _broken.Contains(page) ? null
        : _pages.TryGetValue(page, out var found) ? found : new IndexPage(page, Layout);

    /// <summary>Reads the chosen pages that are stored.</summary>
    public async Task LoadAsync(IReadOnlyList<int> pages, CancellationToken cancellation)
    {
        if (chain.IsOnOrigin) await LoadOriginAsync(pages, cancellation);
        if (chain.Base.Footer is not { } footer) return;
        var offset = 0L;
        foreach (var segment in footer.Segments)
        {
            _segments.Add(segment.Number, (segment, offset));
            offset += segment.LengthBytes;
        }
        var chosen = pages.ToHashSet();
        foreach (var record in footer.Pages)
        {
            if (chosen.Contains(record.Number)) await LoadAsync(record, offset, cancellation);
            offset += record.LengthBytes;
        }
        if (footer.Shared is { } shared)
            await LoadAsync(shared, offset, chosen, cancellation);
    }

    /// <summary>The same base, whose reads are counted and told elsewhere.</summary>
    public BaseBytes For(Findings piece) => new(store, chain, piece)
    {
        _pages = _pages, _segments = _segments, _broken = _broken, _shared = _shared,
    };

    /// <summary>A block of the base, proved; false when it is damaged, which was told.</summary>
    public async Task<bool> ReadBlockAsync(
        int block, IndexEntry entry, Memory<byte> content, CancellationToken cancellation)
    {
        if (entry.IsOrigin) return await ReadOriginAsync(block, entry, content, cancellation);
        if (!_segments.TryGetValue(entry.Segment, out var segment)
            || entry.Offset + entry.StoredBytes > segment.Record.LengthBytes)
        {
            Tell("a segment that the footer lists", $"segment {entry.Segment} of block {block}");
            return false;
        }
        if (await PlanAsync(segment.Offset + entry.Offset, entry.StoredBytes, cancellation))
            return true;
        var buffer = ArrayPool<byte>.Shared.Rent(entry.StoredBytes);
        try
        {
            var stored = buffer.AsMemory(0, entry.StoredBytes);
            await ReadAsync(segment.Offset + entry.Offset, stored, cancellation);
            return Prove(block, entry, stored.Span, content.Span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Pages as a clone's base would begin with them.</summary>
    private async Task LoadOriginAsync(
        IReadOnlyList<int> pages, CancellationToken cancellation)
    {
        foreach (var number in pages)
        {
            if (chain.Origin!.PageNode(number).IsZero) continue;
            await chain.Origin.LoadPagesAsync([number], cancellation);
            var page = new IndexPage(number, Layout);
            for (var i = 0; i < page.Entries.Length; i++)
            {
                var hash = chain.Origin.HashOf((number * Layout.BlocksPerPage) + i);
                if (!hash.IsZero) page.Entries[i] = IndexEntry.OfOrigin(hash);
            }
            _pages.Add(number, page);
        }
    }

    /// <summary>A block of the origin; the view proves it against what is recorded there.</summary>
    private async Task<bool> ReadOriginAsync(
        int block, IndexEntry entry, Memory<byte> content, CancellationToken cancellation)
    {
        if (chain.Origin is not { } origin)
        {
            Tell("blocks of its own", $"block {block} of an origin, of which the machine has none");
            return false;
        }
        try
        {
            await origin.ReadBlocksAsync([block], content, cancellation);
        }
        catch (CorruptObjectException error)
        {
            findings.Add(error, Name, chain.Versions);
            return false;
        }
        findings.Blocks++;
        if (store is IPlannedReads || origin.HashOf(block) == entry.Hash) return true;
        Tell($"block {block} of SHA-256 {entry.Hash} in the origin", $"{origin.HashOf(block)}");
        return false;
    }

    private async Task LoadAsync(PageRecord record, long offset, CancellationToken cancellation)
    {
        var bytes = new byte[record.LengthBytes];
        await ReadAsync(offset, bytes, cancellation);
        try
        {
            var hash = Hash256.Of(bytes);
            if (hash != record.Hash)
                throw new CorruptObjectException(
                    Name, $"index page {record.Number} of SHA-256 {record.Hash}", $"{hash}");
            var page = IndexPage.Decode(bytes, record.Number, Layout, Name);
            if (page.Node() != record.Node)
                throw new CorruptObjectException(
                    Name, $"index page {record.Number} of node {record.Node}", $"{page.Node()}");
            _pages.Add(record.Number, page);
        }
        catch (CorruptObjectException error)
        {
            _broken.Add(record.Number);
            Tell(error.Expected, error.Found);
        }
    }

    /// <summary>Reads the table of shared frames; what the index says of its blocks must agree.</summary>
    private async Task LoadAsync(
        SharedRecord record, long offset, HashSet<int> chosen, CancellationToken cancellation)
    {
        var bytes = new byte[record.LengthBytes];
        await ReadAsync(offset, bytes, cancellation);
        try
        {
            var hash = Hash256.Of(bytes);
            if (hash != record.Hash)
                throw new CorruptObjectException(
                    Name, $"a table of shared frames of SHA-256 {record.Hash}", $"{hash}");
            _shared = SharedTable.Decode(bytes, Layout, Name).ToDictionary(s => s.Block);
        }
        catch (CorruptObjectException error)
        {
            _shared = null;
            Tell(error.Expected, error.Found);
            return;
        }
        foreach (var told in _shared.Values)
        {
            var number = told.Block / Layout.BlocksPerPage;
            if (!chosen.Contains(number) || Page(number) is not { } page) continue;
            var entry = page.Entries[told.Block % Layout.BlocksPerPage];
            if (!entry.HasFrame || (entry.Segment, entry.Offset) != (told.Segment, told.Offset))
                Tell(
                    $"block {told.Block} at {told.Offset} of segment {told.Segment}, as the table "
                    + "of shared frames has it", entry.HasFrame
                        ? $"{entry.Offset} of segment {entry.Segment}" : "no frame");
        }
    }

    private bool Prove(
        int block, in IndexEntry entry, ReadOnlySpan<byte> stored, Span<byte> content)
    {
        findings.Blocks++;
        try
        {
            Frames.Decode(entry.Codec, stored, content, Name);
            var hash = Hash256.Of(content);
            if (hash == entry.Hash) return true;
            Tell($"block {block} of SHA-256 {entry.Hash}", $"{hash}");
        }
        catch (CorruptObjectException error)
        {
            Tell($"block {block}: {error.Expected}", error.Found);
        }
        return false;
    }

    /// <summary>Where the check is only planned: counts the read and answers true.</summary>
    private async Task<bool> PlanAsync(
        long offset, long lengthBytes, CancellationToken cancellation)
    {
        if (store is not IPlannedReads planned) return false;
        await planned.PlanReadAsync(Name, offset, lengthBytes, cancellation);
        return true;
    }

    private async Task ReadAsync(
        long offset, Memory<byte> bytes, CancellationToken cancellation)
    {
        findings.BytesRead += bytes.Length;
        await store.ReadAsync(Name, offset, bytes, chain.Base.Properties!.ETag, cancellation);
    }

    private void Tell(string expected, string found) =>
        findings.Add(Name, expected, found, chain.Versions);
}
