using System.Buffers;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// One shard at one version: a base pinned to one state, and the map of the deltas between. Every
/// block that is read is checked against the hash recorded at ingestion.
/// </summary>
public sealed class ShardView
{
    private readonly Layout _layout;
    private readonly ShardMap _map;
    private readonly StoredObject[] _objects;
    private readonly bool _isPlanned;

    internal ShardView(
        int version, BaseImage image, ShardMap map, IReadOnlyList<DeltaIndex> near,
        IObjectStore deltaStore, ShardKey shard, RehydratedCopies? copies = null,
        OriginView? origin = null)
    {
        Version = version;
        Base = image;
        Near = near;
        Shard = shard;
        Copies = copies;
        Origin = origin;
        _map = map;
        _isPlanned = deltaStore is IPlannedReads;
        _layout = image.Footer.Header.Layout;
        _objects = [.. map.Objects.Select(
            o => new StoredObject(deltaStore, o.DataName(shard), null, copies))];
    }

    /// <summary>The shard.</summary>
    public ShardKey Shard { get; }

    /// <summary>Where copies of archived data are found; null where there are none.</summary>
    public RehydratedCopies? Copies { get; }

    /// <summary>The shard at the version that the machine began from; null for none.</summary>
    public OriginView? Origin { get; }

    /// <summary>
    /// Whether the shard has no base of its own yet, so that the origin is its base. A base at
    /// version 0 holds nothing: it was only made to shut a late worker out.
    /// </summary>
    public bool IsOnOrigin => Origin is not null && Base.Footer.Version == 0;

    /// <summary>What the view rests on: equal only for equal content; null when there is nothing.</summary>
    public string? BaseState => IsOnOrigin ? Origin!.Identity : Base.ETag;

    /// <summary>The version it shows.</summary>
    public int Version { get; }

    /// <summary>The state of the base that it rests on.</summary>
    public BaseImage Base { get; }

    /// <summary>The deltas between, nearest to the version first, but for those seen merged.</summary>
    public IReadOnlyList<DeltaIndex> Near { get; }

    /// <summary>The blocks that differ from the base, or may, in no order.</summary>
    public IReadOnlyCollection<int> BlocksOffBase => _map.Blocks;

    /// <summary>The deltas whose data some blocks must be read from.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="end">One past the last.</param>
    /// <param name="only">The blocks among them that matter; null for all.</param>
    public IReadOnlyCollection<DeltaPlace> DataOf(
        int first, int end, IReadOnlySet<int>? only = null)
    {
        var needed = new HashSet<DeltaPlace>();
        foreach (var block in _map.Blocks)
        {
            if (block < first || block >= end || only?.Contains(block) == false
                || !_map.TryGet(block, out var head)) continue;
            for (var at = head.FirstSource; at >= 0; at = _map.Source(at).Next)
                if (_map.Source(at).NeedsFrame) needed.Add(_map.Objects[_map.Source(at).Object]);
        }
        return needed;
    }

    /// <summary>The hash of a block; its page must be loaded unless a delta gives the block.</summary>
    public Hash256 HashOf(int block) =>
        _map.TryGet(block, out var head) ? head.Hash
        : IsOnOrigin ? Origin!.Opened.HashOf(block)
        : Base.Entry(block).Hash;

    /// <summary>Loads what <see cref="HashOf"/> and reads need for these ascending blocks.</summary>
    public async Task LoadAsync(IEnumerable<int> blocks, CancellationToken cancellation)
    {
        if (IsOnOrigin)
            await (await Origin!.OpenAsync(cancellation)).LoadAsync(blocks, cancellation);
        else
            await Base.LoadPagesOfAsync(blocks, cancellation);
    }

    /// <summary>Loads what hashes of whole index pages need, ascending.</summary>
    public async Task LoadPagesAsync(
        IReadOnlyCollection<int> pages, CancellationToken cancellation)
    {
        if (IsOnOrigin)
            await (await Origin!.OpenAsync(cancellation)).LoadPagesAsync(pages, cancellation);
        else
            await Base.LoadPagesAsync(pages, cancellation);
    }

    /// <summary>The blocks that are not all zero, ascending; loads every page.</summary>
    public async Task<List<int>> NonZeroBlocksAsync(CancellationToken cancellation)
    {
        var blocks = new List<int>();
        if (IsOnOrigin)
        {
            var origin = await Origin!.OpenAsync(cancellation);
            blocks.AddRange((await origin.NonZeroBlocksAsync(cancellation))
                .Where(b => !_map.TryGet(b, out _)));
        }
        await Base.LoadAllPagesAsync(cancellation);
        foreach (var record in Base.Footer.Pages)
        {
            var entries = Base.Page(record.Number).Entries;
            var first = record.Number * _layout.BlocksPerPage;
            for (var i = 0; i < entries.Length; i++)
                if (!entries[i].IsZero && !_map.TryGet(first + i, out _)) blocks.Add(first + i);
        }
        foreach (var block in _map.Blocks)
            if (_map.TryGet(block, out var head) && !head.Hash.IsZero) blocks.Add(block);
        blocks.Sort();
        return blocks;
    }

    /// <summary>The node of a page at this version.</summary>
    /// <remarks>Only where no merged index was used; ingestion and proofs meet none.</remarks>
    public Hash256 PageNode(int page)
    {
        foreach (var delta in Near)
        {
            int low = 0, high = delta.Pages.Count - 1;
            while (low <= high)
            {
                var middle = (low + high) / 2;
                if (delta.Pages[middle].Page == page) return delta.Pages[middle].Node;
                if (delta.Pages[middle].Page < page) low = middle + 1;
                else high = middle - 1;
            }
        }
        return IsOnOrigin ? Origin!.Opened.PageNode(page) : Base.PageNode(page);
    }

    /// <summary>Reads whole blocks, checked.</summary>
    /// <param name="blocks">Ascending block numbers.</param>
    /// <param name="destination">As many blocks of bytes.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="CorruptObjectException">A block does not hash to what was recorded.</exception>
    public async Task ReadBlocksAsync(
        IReadOnlyList<int> blocks, Memory<byte> destination, CancellationToken cancellation)
    {
        await LoadAsync(blocks, cancellation);
        using var batch = new FrameBatch();
        var overlays = new List<Overlay>();
        var shared = new List<int>();
        for (var i = 0; i < blocks.Count; i++)
            if (Plan(blocks[i], Slice(destination, i), batch, overlays)) shared.Add(i);
        await Task.WhenAll(
            batch.FetchAsync(cancellation),
            ReadSharedAsync(blocks, shared, destination, cancellation));
        foreach (var overlay in overlays)
        {
            var source = overlay.Source;
            var held = source.NeedsFrame
                ? batch[overlay.Slot][(source.Position * _layout.SectorBytes)..]
                : [];
            Sectors.Lay(
                overlay.Target.Span, source.Take, source.Zero, source.Stored, held, _layout);
        }
        // Where nothing was read there is nothing to be proved.
        if (_isPlanned) return;
        for (var i = 0; i < blocks.Count; i++) Check(blocks[i], Slice(destination, i).Span);
    }

    private Memory<byte> Slice(Memory<byte> destination, int index) =>
        destination.Slice(index * _layout.BlockBytes, _layout.BlockBytes);

    /// <summary>Fills the blocks at some places from the origin.</summary>
    private async Task ReadSharedAsync(
        IReadOnlyList<int> blocks, List<int> places, Memory<byte> destination,
        CancellationToken cancellation)
    {
        if (places.Count == 0) return;
        var origin = await (Origin
            ?? throw new CorruptObjectException(
                Base.Name, "blocks of its own", "a block of an origin, of which the machine has none"))
            .OpenAsync(cancellation);
        if (places.Count == blocks.Count)
        {
            await origin.ReadBlocksAsync(blocks, destination, cancellation);
            return;
        }
        var length = places.Count * _layout.BlockBytes;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await origin.ReadBlocksAsync(
                places.ConvertAll(p => blocks[p]), rented.AsMemory(0, length), cancellation);
            for (var i = 0; i < places.Count; i++)
                rented.AsSpan(i * _layout.BlockBytes, _layout.BlockBytes)
                    .CopyTo(Slice(destination, places[i]).Span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Plans the reads of a block; answers whether the origin gives what lies below.</summary>
    private bool Plan(int block, Memory<byte> target, FrameBatch batch, List<Overlay> overlays)
    {
        var known = _map.TryGet(block, out var head);
        var isShared = false;
        if (!known || head.Covered != _layout.FullMask)
        {
            var entry = IsOnOrigin ? default : Base.Entry(block);
            isShared = IsOnOrigin || entry.IsOrigin;
            if (isShared || entry.IsZero) target.Span.Clear();
            else batch.Add(Base.Locate(entry), target);
        }
        for (var at = known ? head.FirstSource : -1; at >= 0;)
        {
            var source = _map.Source(at);
            if (IsWhole(source)) batch.Add(Locate(source), target);
            else
                overlays.Add(new Overlay(
                    target, source, source.NeedsFrame ? batch.Add(Locate(source)) : -1));
            at = source.Next;
        }
        return isShared;
    }

    /// <summary>Whether a frame is all of a block and nothing else, and so decodes into its place.</summary>
    private bool IsWhole(in BlockSource source) =>
        source.Take == _layout.FullMask && source.Stored == _layout.FullMask
        && source.Frame.Sectors == _layout.SectorsPerBlock;

    private FrameLocation Locate(in BlockSource source) => new(
        _objects[source.Object], _map.Objects[source.Object].Offset + source.Frame.Offset,
        source.Frame.StoredBytes, source.Frame.Sectors * _layout.SectorBytes, source.Frame.Codec);

    private void Check(int block, ReadOnlySpan<byte> content)
    {
        var expected = HashOf(block);
        var found = Sectors.HashOf(content);
        if (found != expected)
            throw new CorruptObjectException(
                $"{Base.Name} at version {Version}", $"block {block} of SHA-256 {expected}",
                $"{found}");
    }

    private readonly record struct Overlay(Memory<byte> Target, BlockSource Source, int Slot);
}
