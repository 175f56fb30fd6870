using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// Patches a shard's base in place: stages new segments as frames arrive, then the touched index
/// pages and a footer, and commits one block list over the state that was read. Until the commit
/// no reader sees anything; a crash leaves staged blocks that the store drops.
/// </summary>
internal sealed class BaseWriter : IAsyncDisposable
{
    private readonly IObjectStore _store;
    private readonly BaseImage _old;
    private readonly ObjectHeader _header;
    private readonly Dictionary<int, IndexPage> _touched = [];
    private readonly Dictionary<int, SegmentRecord> _segments;
    private readonly List<int> _order;
    private readonly BlockStaging _staging;
    private readonly HashSet<int> _staged = [];
    private readonly Dictionary<Hash256, int> _made = [];
    private readonly SegmentBuilder _segment;
    private readonly int _firstNewSegment;
    private FrameNames? _names;
    private bool _isTableAnew;
    private int _nextSegment;
    private BaseFooter? _footer;
    private List<BlockReference>? _blocks;

    /// <summary>A writer that commits what is there; <see cref="OpenAsync"/> makes one that changes it.</summary>
    public BaseWriter(IObjectStore store, BaseImage old, long operation)
    {
        _store = store;
        _old = old;
        _header = old.Footer.Header with { Operation = operation };
        _segments = old.Footer.Segments.ToDictionary(s => s.Number);
        _order = [.. old.Footer.Segments.Select(s => s.Number)];
        _nextSegment = _firstNewSegment = old.Footer.NextSegment;
        _segment = new SegmentBuilder(_header.Layout);
        _staging = new BlockStaging(store, old.Name);
    }

    /// <summary>A writer that changes blocks, and so knows which frames several of them name.</summary>
    /// <exception cref="CorruptObjectException">What is known of that is damaged.</exception>
    public static async Task<BaseWriter> OpenAsync(
        IObjectStore store, BaseImage old, long operation, CancellationToken cancellation)
    {
        var writer = new BaseWriter(store, old, operation);
        writer._names = new FrameNames(old.Name, await old.ReadSharedAsync(cancellation));
        return writer;
    }

    /// <summary>Bytes staged so far.</summary>
    public long StagedBytes => _staging.Bytes;

    /// <summary>Whether any block was given new content or made zero.</summary>
    public bool HasChanges => _touched.Count > 0;

    /// <summary>
    /// Segments of the base as they would be committed now; new ones have their hashes once sealed.
    /// </summary>
    public IEnumerable<SegmentRecord> Segments => _order.Select(n => _segments[n]);

    private Layout Layout => _header.Layout;

    private FrameNames Names => _names ?? throw new InvalidOperationException(
        $"The writer of {_old.Name} was not opened to change blocks.");

    /// <summary>
    /// Gives a block new content, which was hashed from bytes. Its page, if stored, must be loaded.
    /// Where this commit has a frame of the content already, the block names that one. A frame of an
    /// older commit is not: nobody has proved it again from bytes.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="hash">What its content hashes to.</param>
    /// <param name="frame">Its frame, which is given back; null where <see cref="Has"/> it.</param>
    /// <param name="cancellation">Ends the wait for what is being staged.</param>
    public async ValueTask SetAsync(
        int block, Hash256 hash, EncodedFrame? frame, CancellationToken cancellation)
    {
        if (Has(hash))
        {
            var first = _made[hash];
            if (first != block) Replace(block, Entry(first), first);
            frame?.Return();
            return;
        }
        if (frame is not { } made)
            throw new InvalidOperationException(
                $"Block {block} of {_old.Name} was left to an equal one that was not written.");
        await AddAsync(block, hash, made.StoredMemory, made.Codec, cancellation);
        _made[hash] = block;
        made.Return();
    }

    /// <summary>The same of content that is not encoded yet, which is only done if it must be.</summary>
    public ValueTask SetAsync(
        int block, Hash256 hash, ReadOnlySpan<byte> content, CancellationToken cancellation) =>
        SetAsync(
            block, hash, Has(hash) ? null : EncodedFrame.Make(content, _old.Name), cancellation);

    /// <summary>Whether this commit has a frame of a content.</summary>
    public bool Has(Hash256 hash) => _made.TryGetValue(hash, out var block)
        && Entry(block) is var entry && entry.HasFrame && entry.Hash == hash
        && entry.Segment >= _firstNewSegment;

    /// <summary>The blocks that name a segment's shared frames, by the offsets of these.</summary>
    public ILookup<int, int> SharedIn(int segment) => Names.Of(segment);

    /// <summary>Moves a frame as it is stored, with all blocks that name it.</summary>
    public async ValueTask MoveAsync(
        IReadOnlyList<int> blocks, ReadOnlyMemory<byte> stored, CancellationToken cancellation)
    {
        var entry = Entry(blocks[0]);
        await AddAsync(blocks[0], entry.Hash, stored, entry.Codec, cancellation);
        for (var i = 1; i < blocks.Count; i++) Replace(blocks[i], Entry(blocks[0]), blocks[0]);
    }

    /// <summary>Takes what is known of shared frames from elsewhere, for a table that is made anew.</summary>
    public void Know(IEnumerable<SharedBlock> shared, bool isAnew) =>
        (_names, _isTableAnew) = (new FrameNames(_old.Name, shared), isAnew);

    /// <summary>Makes a block all zero.</summary>
    public void SetZero(int block) => Replace(block, default);

    /// <summary>Leaves a block to the version that the clone began from.</summary>
    public void SetOrigin(int block, Hash256 hash) =>
        Replace(block, hash.IsZero ? default : IndexEntry.OfOrigin(hash));

    /// <summary>Stages an index page again whose stored form is damaged; it must be loaded.</summary>
    public void Restage(int page)
    {
        if (_touched.ContainsKey(page)) return;
        var copy = new IndexPage(page, Layout);
        _old.Page(page).Entries.CopyTo(copy.Entries, 0);
        _touched.Add(page, copy);
    }

    /// <summary>The entry of a block as it would be committed now.</summary>
    public IndexEntry Entry(int block)
    {
        var page = block / Layout.BlocksPerPage;
        return _touched.TryGetValue(page, out var touched)
            ? touched.Entries[block % Layout.BlocksPerPage]
            : _old.Entry(block);
    }

    /// <summary>Stages the segment that is being filled.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (_segment.Count == 0) return;
        var (buffer, length) = _segment.Take();
        var live = _segments.TryGetValue(_nextSegment, out var begun) ? begun.LiveBytes : 0;
        _segments[_nextSegment] = new SegmentRecord(_nextSegment, length, live, Hash256.Zero);
        _order.Add(_nextSegment);
        _staged.Add(_nextSegment);
        await _staging.AddSegmentAsync(_nextSegment++, buffer, length, cancellation);
    }

    /// <summary>
    /// Stages what is left, the touched pages and the footer, and tells what would be committed,
    /// so that it can be proved first.
    /// </summary>
    public async Task<BaseFooter> SealAsync(
        int version, int previous, long diskBytes, VersionCard card,
        CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        foreach (var (number, hash) in await _staging.CompleteAsync())
            _segments[number] = _segments[number] with { Hash = hash };
        var segments = Segments.Where(s => s.LiveBytes > 0).ToList();
        var (pages, newPages) = await StagePagesAsync(cancellation);
        var (shared, isNewTable) = await StageSharedAsync(cancellation);
        var nodes = new Hash256[Layout.PagesPerShard];
        foreach (var page in pages) nodes[page.Number] = page.Node;
        _footer = new BaseFooter(
            _header, version, previous, diskBytes, card, segments, pages,
            Fingerprints.Shard(nodes), shared);
        var footerBytes = _footer.Encode();
        var footerId = BlockIds.Footer(Hash256.Of(footerBytes));
        await _staging.AddAsync(footerId, footerBytes, cancellation);
        await _staging.CompleteAsync();
        _blocks =
        [
            .. segments.Select(s => new BlockReference(s.BlockId, !_staged.Contains(s.Number))),
            .. pages.Select(p => new BlockReference(p.BlockId, !newPages.Contains(p.Number))),
        ];
        if (shared is { } table) _blocks.Add(new BlockReference(table.BlockId, !isNewTable));
        _blocks.Add(new BlockReference(footerId, false));
        return _footer;
    }

    /// <summary>Seals a base that holds nothing, at version 0, whatever was there.</summary>
    public async Task SealEmptyAsync(CancellationToken cancellation)
    {
        _footer = BaseImage.Empty(_header.Shard, Layout, _header.Operation);
        var bytes = _footer.Encode();
        var id = BlockIds.Footer(Hash256.Of(bytes));
        await _staging.AddAsync(id, bytes, cancellation);
        await _staging.CompleteAsync();
        _blocks = [new BlockReference(id, false)];
    }

    /// <summary>
    /// Commits what was sealed over the state that was read, as one act. A crash before it leaves
    /// the old base, one after it the new.
    /// </summary>
    /// <exception cref="OvertakenException">Another commit was first.</exception>
    public Task<ObjectProperties> CommitAsync(StorageTier tier, CancellationToken cancellation)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["machine"] = _header.Shard.Machine,
            ["disk"] = _header.Shard.Disk,
            ["shard"] = $"{_header.Shard.Shard}",
            ["version"] = $"{_footer!.Version}",
            ["operation"] = $"{_header.Operation}",
            ["kind"] = "base",
        };
        var options = new WriteOptions(
            IfMatch: _old.ETag, IfAbsent: !_old.Exists, Tier: tier, Metadata: metadata);
        return _store.CommitBlocksAsync(_old.Name, _blocks!, options, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _staging.DisposeAsync();

    private async Task<(List<PageRecord> Pages, HashSet<int> New)> StagePagesAsync(
        CancellationToken cancellation)
    {
        var pages = _old.Footer.Pages.Where(p => !_touched.ContainsKey(p.Number)).ToList();
        var staged = new HashSet<int>();
        foreach (var page in _touched.Values.OrderBy(p => p.Number))
        {
            var bytes = page.Encode();
            if (bytes.Length == 0) continue;
            var record = new PageRecord(page.Number, bytes.Length, Hash256.Of(bytes), page.Node());
            pages.Add(record);
            staged.Add(page.Number);
            await _staging.AddAsync(record.BlockId, bytes, cancellation);
        }
        pages.Sort((a, b) => a.Number.CompareTo(b.Number));
        return (pages, staged);
    }

    private async Task<(SharedRecord? Table, bool IsNew)> StageSharedAsync(
        CancellationToken cancellation)
    {
        if (_names is not { } names || !(names.HasChanged || _isTableAnew))
            return (_old.Footer.Shared, false);
        var blocks = names.Blocks;
        if (blocks.Count == 0) return (null, false);
        var bytes = SharedTable.Encode(blocks);
        var record = new SharedRecord(bytes.Length, Hash256.Of(bytes));
        await _staging.AddAsync(record.BlockId, bytes, cancellation);
        return (record, true);
    }

    private async ValueTask AddAsync(
        int block, Hash256 hash, ReadOnlyMemory<byte> stored, FrameCodec codec,
        CancellationToken cancellation)
    {
        if (!_segment.Fits(stored.Length)) await FlushAsync(cancellation);
        var offset = _segment.Add(block, stored.Span);
        Replace(block, new IndexEntry(hash, _nextSegment, offset, stored.Length, codec));
    }

    /// <summary>Gives a block an entry: of a frame of its own, or of the one that another names.</summary>
    private void Replace(int block, IndexEntry entry, int? other = null)
    {
        var number = block / Layout.BlocksPerPage;
        if (!_touched.TryGetValue(number, out var page))
        {
            page = new IndexPage(number, Layout);
            if (_old.HasPage(number)) _old.Page(number).Entries.CopyTo(page.Entries, 0);
            _touched.Add(number, page);
        }
        ref var place = ref page.Entries[block % Layout.BlocksPerPage];
        if (place.HasFrame && Names.Leave(block, place))
            Credit(place.Segment, -place.StoredBytes);
        place = entry;
        if (other is { } first) Names.Join(block, first, entry);
        else if (entry.HasFrame) Credit(entry.Segment, entry.StoredBytes);
    }

    private void Credit(int segment, int bytes)
    {
        // The segment being filled has no record yet; one is begun to count what is live in it.
        var record = _segments.TryGetValue(segment, out var known)
            ? known
            : new SegmentRecord(segment, 0, 0, Hash256.Zero);
        _segments[segment] = record with { LiveBytes = record.LiveBytes + bytes };
    }
}
