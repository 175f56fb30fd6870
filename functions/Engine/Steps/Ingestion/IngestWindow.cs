using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Ingestion;

/// <summary>Neighbouring blocks that are ingested together, and where their content comes from.</summary>
/// <param name="FirstBlock">The first block in the shard.</param>
/// <param name="Count">How many blocks; at most 64.</param>
/// <param name="Extents">The image's extents, in bytes of the disk.</param>
internal sealed record IngestWindow(int FirstBlock, int Count, List<Extent> Extents)
{
    /// <summary>Blocks that hold data of the image.</summary>
    public ulong Data { get; private init; }

    /// <summary>Blocks of which some part is left to the parent.</summary>
    public ulong Parent { get; private init; }

    /// <summary>Blocks of which some part is zero.</summary>
    public ulong Zero { get; private init; }

    /// <summary>Whether the image says anything of the window.</summary>
    public bool IsTouched => (Data | Zero) != 0;

    /// <summary>Sorts the extents by block.</summary>
    public static IngestWindow Of(
        int firstBlock, int count, List<Extent> extents, long shardOffset, Layout layout)
    {
        ulong data = 0, parent = 0, zero = 0;
        var start = shardOffset + ((long)firstBlock * layout.BlockBytes);
        foreach (var (range, kind) in extents)
        {
            var first = (int)((range.Offset - start) / layout.BlockBytes);
            var last = (int)((range.End - 1 - start) / layout.BlockBytes);
            var mask = (ulong.MaxValue >> (63 - (last - first))) << first;
            if (kind == ExtentKind.Data) data |= mask;
            else if (kind == ExtentKind.Parent) parent |= mask;
            else zero |= mask;
        }
        return new IngestWindow(firstBlock, count, extents)
        {
            Data = data, Parent = parent, Zero = zero,
        };
    }
}
