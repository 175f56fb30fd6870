using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// The deltas between a base and a version as one map from blocks to places: filled from the
/// version towards the base, a sector keeps the first place that gives it. Its size follows what
/// differs from the base.
/// </summary>
public sealed class ShardMap(Layout layout)
{
    private readonly Dictionary<int, int> _heads = [];
    private readonly List<BlockHead> _blocks = [];
    private readonly List<BlockSource> _sources = [];
    private readonly List<DeltaPlace> _objects = [];

    /// <summary>The deltas that sources name, by their place.</summary>
    public IReadOnlyList<DeltaPlace> Objects => _objects;

    /// <summary>How many blocks differ from the base, or may.</summary>
    public int Count => _blocks.Count;

    /// <summary>The blocks that differ from the base, in no order.</summary>
    public IReadOnlyCollection<int> Blocks => _heads.Keys;

    /// <summary>The sources, linked by <see cref="BlockSource.Next"/>.</summary>
    public BlockSource Source(int index) => _sources[index];

    /// <summary>What the map knows of a block; false when the base alone gives it.</summary>
    public bool TryGet(int block, out BlockHead head)
    {
        if (_heads.TryGetValue(block, out var at))
        {
            head = _blocks[at];
            return true;
        }
        head = default;
        return false;
    }

    /// <summary>Adds the next delta on the way to the base.</summary>
    public void Add(DeltaIndex delta)
    {
        var place = AddObject(delta.Place);
        foreach (var run in delta.ZeroRuns)
            for (var block = run.First; block < run.End; block++)
                Add(block, Hash256.Zero, layout.FullMask, layout.FullMask, 0, 0, default, place);
        foreach (ref readonly var entry in delta.Entries.AsSpan())
        {
            var frame = entry.Frame < 0 ? default : delta.Frames[entry.Frame];
            Add(
                entry.Block, entry.Hash, entry.Changed, entry.Zero, entry.Stored, entry.Position,
                frame, place);
        }
    }

    /// <summary>Adds a group of deltas through their merged index.</summary>
    public void Add(MergedIndex merged)
    {
        var first = _objects.Count;
        foreach (var delta in merged.Deltas) AddObject(delta);
        foreach (ref readonly var block in merged.Blocks.AsSpan())
        {
            if (block.Sources == 0)
                Add(block.Block, Hash256.Zero, layout.FullMask, layout.FullMask, 0, 0, default, first);
            for (var i = 0; i < block.Sources; i++)
            {
                var source = merged.Sources[block.FirstSource + i];
                Add(
                    block.Block, block.Hash, source.Take, source.Zero, source.Stored,
                    source.Position, source.Frame, first + source.Delta);
            }
        }
    }

    /// <summary>The map as a merged index, so that others need not fill it again.</summary>
    public MergedIndex ToMerged(ShardKey shard, long operation, int level, int group)
    {
        var blocks = new List<MergedBlock>(_blocks.Count);
        var sources = new List<MergedSource>(_sources.Count);
        foreach (var block in _heads.Keys.Order())
        {
            var head = _blocks[_heads[block]];
            var first = sources.Count;
            for (var at = head.Hash.IsZero ? -1 : head.FirstSource; at >= 0; at = _sources[at].Next)
            {
                var source = _sources[at];
                // A frame that nothing is taken from is not named: it need not stay in reach.
                sources.Add(source.NeedsFrame
                    ? new MergedSource(
                        checked((ushort)source.Object), source.Take, source.Zero, source.Stored,
                        source.Position, source.Frame)
                    : new MergedSource(
                        checked((ushort)source.Object), source.Take, source.Zero, 0, 0, default));
            }
            blocks.Add(new MergedBlock(block, first, sources.Count - first, head.Hash));
        }
        return new MergedIndex
        {
            Header = new ObjectHeader(shard, layout, operation),
            Level = level,
            Group = group,
            Deltas = _objects,
            Blocks = [.. blocks],
            Sources = [.. sources],
        };
    }

    private int AddObject(DeltaPlace delta)
    {
        _objects.Add(delta);
        return _objects.Count - 1;
    }

    private void Add(
        int block, Hash256 hash, ushort changed, ushort zero, ushort stored, ushort position,
        DeltaFrame frame, int place)
    {
        if (!_heads.TryGetValue(block, out var at))
        {
            at = _blocks.Count;
            _heads.Add(block, at);
            _blocks.Add(new BlockHead(hash, 0, -1));
        }
        var head = _blocks[at];
        var take = (ushort)(changed & ~head.Covered);
        if (take == 0) return;
        _sources.Add(new BlockSource(
            place, take, (ushort)(zero & take), stored, position, frame, head.FirstSource));
        _blocks[at] = head with
        {
            Covered = (ushort)(head.Covered | take), FirstSource = _sources.Count - 1,
        };
    }
}
