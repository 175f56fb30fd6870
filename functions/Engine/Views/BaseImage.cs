using System.Buffers;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// One state of a shard's base, pinned by its ETag: its footer, and its index pages as they are
/// asked for. A shard without a base object is the empty base at version 0.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds "
    + "nothing to dispose of, and views are dropped by their cache, not by an owner.")]
public sealed class BaseImage
{
    /// <summary>Read first from the end: footers are seldom longer.</summary>
    private const int FirstReadBytes = 32 << 10;

    private readonly StoredObject _object;
    private readonly Dictionary<int, (PageRecord Record, long Offset)> _stored = [];
    private readonly Dictionary<int, long> _segmentOffsets = [];
    private readonly Dictionary<int, IndexPage> _pages = [];
    private readonly long _sharedOffset;
    private readonly SemaphoreSlim _loading = new(1, 1);

    private BaseImage(StoredObject stored, long lengthBytes, BaseFooter footer)
    {
        _object = stored;
        LengthBytes = lengthBytes;
        Footer = footer;
        var offset = 0L;
        foreach (var segment in footer.Segments)
        {
            _segmentOffsets.Add(segment.Number, offset);
            offset += segment.LengthBytes;
        }
        foreach (var page in footer.Pages)
        {
            _stored.Add(page.Number, (page, offset));
            offset += page.LengthBytes;
        }
        _sharedOffset = offset;
    }

    /// <summary>The footer; its operation says who committed this state.</summary>
    public BaseFooter Footer { get; }

    /// <summary>The object's length; 0 when there is none.</summary>
    public long LengthBytes { get; }

    /// <summary>The pinned state; null when there is no object.</summary>
    public string? ETag => _object.ETag;

    /// <summary>The object's name.</summary>
    public string Name => _object.Name;

    /// <summary>Whether there is an object.</summary>
    public bool Exists => _object.ETag is not null;

    private Layout Layout => Footer.Header.Layout;

    /// <summary>
    /// Opens a shard's base as it stands. One that a late worker of a deleted machine of the same
    /// name has brought back is as good as empty, and is replaced by the first that is written.
    /// </summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    /// <exception cref="OvertakenException">It was replaced between two reads; open it again.</exception>
    public static async Task<BaseImage> OpenAsync(
        IObjectStore store, ShardKey shard, ManifestHead head, CancellationToken cancellation)
    {
        var layout = head.Layout;
        var name = ObjectNames.Base(shard);
        var found = await store.FindAsync(name, cancellation);
        if (found is null)
            return new BaseImage(new StoredObject(store, name, null), 0, Empty(shard, layout, 0));
        var tail = new byte[Math.Min(found.LengthBytes, FirstReadBytes)];
        await store.ReadAsync(
            name, found.LengthBytes - tail.Length, tail, found.ETag, cancellation);
        var length = BaseFooter.LengthFrom(tail, name);
        if (length > found.LengthBytes)
            throw new CorruptObjectException(
                name, $"a footer within {found.LengthBytes} bytes", $"one of {length} bytes");
        if (length > tail.Length)
        {
            tail = new byte[length];
            await store.ReadAsync(name, found.LengthBytes - length, tail, found.ETag, cancellation);
        }
        var footer = BaseFooter.Decode(tail.AsSpan(tail.Length - length), name);
        footer.Header.Expect(shard, name);
        if (footer.Header.Operation < head.FirstOperation)
            return new BaseImage(
                new StoredObject(store, name, found.ETag), found.LengthBytes,
                Empty(shard, layout, 0));
        return footer.Header.Layout == layout
            ? new BaseImage(new StoredObject(store, name, found.ETag), found.LengthBytes, footer)
            : throw new CorruptObjectException(name, $"{layout}", $"{footer.Header.Layout}");
    }

    /// <summary>The footer of a base that holds nothing, as an operation leaves it.</summary>
    public static BaseFooter Empty(ShardKey shard, Layout layout, long operation) => new(
        new ObjectHeader(shard, layout, operation), 0, 0, 0, VersionCard.None, [], [], Hash256.Zero);

    /// <summary>The node of a page; Zero when it is all zero.</summary>
    public Hash256 PageNode(int page) =>
        _stored.TryGetValue(page, out var found) ? found.Record.Node : Hash256.Zero;

    /// <summary>Whether a page holds any block.</summary>
    public bool HasPage(int page) => _stored.ContainsKey(page);

    /// <summary>A page that was loaded or is all zero.</summary>
    public IndexPage Page(int page)
    {
        lock (_pages)
        {
            if (_pages.TryGetValue(page, out var loaded)) return loaded;
            if (_stored.ContainsKey(page))
                throw new InvalidOperationException($"Page {page} of {Name} was not loaded.");
            return _pages[page] = new IndexPage(page, Layout);
        }
    }

    /// <summary>Takes a page that was made again in place of a damaged one.</summary>
    internal void Adopt(IndexPage page)
    {
        lock (_pages) _pages[page.Number] = page;
    }

    /// <summary>The entry of a block whose page was loaded.</summary>
    public IndexEntry Entry(int block)
    {
        var page = block / Layout.BlocksPerPage;
        return HasPage(page) ? Page(page).Entries[block % Layout.BlocksPerPage] : default;
    }

    /// <summary>Where the frame of an entry lies.</summary>
    /// <exception cref="CorruptObjectException">Its segment is not in the footer.</exception>
    public FrameLocation Locate(in IndexEntry entry) =>
        _segmentOffsets.TryGetValue(entry.Segment, out var offset)
            ? new FrameLocation(
                _object, offset + entry.Offset, entry.StoredBytes, Layout.BlockBytes, entry.Codec)
            : throw new CorruptObjectException(
                Name, "a segment that the footer lists", $"segment {entry.Segment}");

    /// <summary>Reads a whole segment as it lies there, damaged or not.</summary>
    internal async Task<byte[]> ReadSegmentUnprovedAsync(
        SegmentRecord segment, CancellationToken cancellation)
    {
        var bytes = new byte[segment.LengthBytes];
        await _object.Store.ReadAsync(
            Name, _segmentOffsets[segment.Number], bytes, ETag, cancellation);
        return bytes;
    }

    /// <summary>Reads a whole segment.</summary>
    public async Task<byte[]> ReadSegmentAsync(
        SegmentRecord segment, CancellationToken cancellation)
    {
        var bytes = new byte[segment.LengthBytes];
        await _object.Store.ReadAsync(
            Name, _segmentOffsets[segment.Number], bytes, ETag, cancellation);
        var hash = Hash256.Of(bytes);
        return hash == segment.Hash
            ? bytes
            : throw new CorruptObjectException(
                Name, $"segment {segment.Number} of SHA-256 {segment.Hash}", $"{hash}");
    }

    /// <summary>Reads the table of shared frames; only who changes blocks needs it.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public async Task<IReadOnlyList<SharedBlock>> ReadSharedAsync(CancellationToken cancellation)
    {
        if (Footer.Shared is not { } record) return [];
        var bytes = new byte[record.LengthBytes];
        await _object.Store.ReadAsync(Name, _sharedOffset, bytes, ETag, cancellation);
        var hash = Hash256.Of(bytes);
        return hash == record.Hash
            ? SharedTable.Decode(bytes, Layout, Name)
            : throw new CorruptObjectException(
                Name, $"a table of shared frames of SHA-256 {record.Hash}", $"{hash}");
    }

    /// <summary>Loads the pages of these blocks, ascending; neighbours in one request.</summary>
    public Task LoadPagesOfAsync(IEnumerable<int> blocks, CancellationToken cancellation)
    {
        var pages = new List<int>();
        foreach (var block in blocks)
        {
            var page = block / Layout.BlocksPerPage;
            if (pages.Count == 0 || pages[^1] != page) pages.Add(page);
        }
        return LoadPagesAsync(pages, cancellation);
    }

    /// <summary>Loads every page.</summary>
    public Task LoadAllPagesAsync(CancellationToken cancellation) =>
        LoadPagesAsync(Footer.Pages.Select(p => p.Number), cancellation);

    /// <summary>Loads pages by number, ascending.</summary>
    public async Task LoadPagesAsync(IEnumerable<int> pages, CancellationToken cancellation)
    {
        await _loading.WaitAsync(cancellation);
        try
        {
            var missing = new List<(PageRecord Record, long Offset)>();
            foreach (var page in pages)
            {
                lock (_pages)
                {
                    if (_stored.TryGetValue(page, out var at) && !_pages.ContainsKey(page))
                        missing.Add(at);
                }
            }
            for (var first = 0; first < missing.Count;)
            {
                var last = first + 1;
                while (last < missing.Count && IsNext(missing[last - 1], missing[last])) last++;
                await LoadRunAsync(missing.GetRange(first, last - first), cancellation);
                first = last;
            }
        }
        finally
        {
            _loading.Release();
        }
    }

    private static bool IsNext((PageRecord Record, long Offset) a, (PageRecord Record, long Offset) b) =>
        a.Offset + a.Record.LengthBytes == b.Offset;

    private async Task LoadRunAsync(
        List<(PageRecord Record, long Offset)> run, CancellationToken cancellation)
    {
        var start = run[0].Offset;
        var length = (int)(run[^1].Offset + run[^1].Record.LengthBytes - start);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await _object.Store.ReadAsync(
                Name, start, buffer.AsMemory(0, length), ETag, cancellation);
            foreach (var (record, offset) in run)
            {
                var stored = buffer.AsSpan((int)(offset - start), record.LengthBytes);
                var hash = Hash256.Of(stored);
                if (hash != record.Hash)
                    throw new CorruptObjectException(
                        Name, $"index page {record.Number} of SHA-256 {record.Hash}", $"{hash}");
                var page = IndexPage.Decode(stored, record.Number, Layout, Name);
                lock (_pages) _pages[record.Number] = page;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
