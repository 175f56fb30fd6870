using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// Which blocks name the frames of a base that several name, or did: of such a frame it knows every
/// block, of the others none. So a frame is known to be dead exactly when its last block leaves it.
/// </summary>
internal sealed class FrameNames
{
    private readonly string _objectName;
    private readonly Dictionary<int, (int Segment, int Offset)> _frames = [];
    private readonly Dictionary<(int Segment, int Offset), int> _counts = [];

    public FrameNames(string objectName, IEnumerable<SharedBlock> known)
    {
        _objectName = objectName;
        foreach (var (block, segment, offset) in known) Add(block, (segment, offset));
    }

    /// <summary>Whether anything is told otherwise than by what was known.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>All that is known, ascending by block.</summary>
    public List<SharedBlock> Blocks =>
        [.. _frames.OrderBy(f => f.Key)
            .Select(f => new SharedBlock(f.Key, f.Value.Segment, f.Value.Offset))];

    /// <summary>The blocks of a segment's frames, by the offsets of these.</summary>
    public ILookup<int, int> Of(int segment) => _frames
        .Where(f => f.Value.Segment == segment)
        .OrderBy(f => f.Key)
        .ToLookup(f => f.Value.Offset, f => f.Key);

    /// <summary>A block names the frame of another one from now on.</summary>
    public void Join(int block, int other, in IndexEntry frame)
    {
        HasChanged = true;
        var place = (frame.Segment, frame.Offset);
        if (!_counts.ContainsKey(place)) Add(other, place);
        Add(block, place);
    }

    /// <summary>A block names a frame no longer; answers whether no block names it now.</summary>
    /// <exception cref="CorruptObjectException">
    /// The index names the frame and the table does not know it: nothing must be taken for dead.
    /// </exception>
    public bool Leave(int block, in IndexEntry frame)
    {
        var place = (frame.Segment, frame.Offset);
        var isShared = _counts.TryGetValue(place, out var count);
        var isKnown = _frames.TryGetValue(block, out var known);
        if (isShared != isKnown || (isKnown && known != place))
            throw new CorruptObjectException(
                _objectName, $"block {block} at {place} in the table of shared frames",
                isKnown ? $"{known}" : "none");
        if (!isShared) return true;
        HasChanged = true;
        _frames.Remove(block);
        if (count > 1)
        {
            _counts[place] = count - 1;
            return false;
        }
        _counts.Remove(place);
        return true;
    }

    private void Add(int block, (int Segment, int Offset) place)
    {
        _frames.Add(block, place);
        _counts[place] = _counts.GetValueOrDefault(place) + 1;
    }
}
