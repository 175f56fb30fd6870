using System.Numerics;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// What must hold inside a merged index, so that no reader can be led astray: a seal proves only
/// that the bytes are those that were written.
/// </summary>
internal static class MergedIndexCheck
{
    /// <summary>16^7 is above every version's number.</summary>
    private const int MostLevel = 7;

    /// <summary>Sources name a delta in 16 bits.</summary>
    private const int MostDeltas = 65536;

    /// <summary>Checks a decoded index.</summary>
    /// <exception cref="CorruptObjectException">Something does not hold.</exception>
    public static void Run(MergedIndex index, string objectName)
    {
        var covers = index.Level is >= 1 and <= MostLevel && index.Group >= 0
            && (long)index.Group << (4 * index.Level) <= ObjectHeader.MostVersion
            && index.Deltas.Count <= MostDeltas;
        if (!covers)
            throw new CorruptObjectException(
                objectName, $"a level from 1 to {MostLevel} and a group of versions",
                $"level {index.Level}, group {index.Group}, {index.Deltas.Count} deltas");
        CheckDeltas(index, objectName);
        CheckBlocks(index, objectName);
    }

    private static void CheckDeltas(MergedIndex index, string objectName)
    {
        // The lowest delta may lead to a version below the group, where those between were undone.
        var lower = (long)index.Group << (4 * index.Level);
        var low = 0L;
        foreach (var place in index.Deltas)
        {
            var delta = place.Key;
            var follows = delta.To >= low && delta.From > delta.To && delta.From > lower
                && ObjectHeader.IsVersion(delta.From) && ObjectHeader.IsOperation(delta.Operation)
                && place.IsSound;
            if (!follows)
                throw new CorruptObjectException(
                    objectName, $"ascending reverse deltas above version {Math.Max(low, lower)}", $"{place}");
            low = delta.From;
        }
    }

    private static void CheckBlocks(MergedIndex index, string objectName)
    {
        var last = -1;
        var first = 0;
        foreach (ref readonly var block in index.Blocks.AsSpan())
        {
            var fits = block.Block > last && block.Block < index.Header.Layout.BlocksPerShard
                && block.Sources <= index.Sources.Length - first
                && (block.Sources == 0) == block.Hash.IsZero;
            if (!fits)
                throw new CorruptObjectException(
                    objectName, "ascending blocks with their sources", $"{block}");
            CheckSources(index, index.Sources.AsSpan(first, block.Sources), objectName);
            last = block.Block;
            first += block.Sources;
        }
        if (first != index.Sources.Length)
            throw new CorruptObjectException(
                objectName, $"{first} sources", $"{index.Sources.Length}");
    }

    private static void CheckSources(
        MergedIndex index, ReadOnlySpan<MergedSource> sources, string objectName)
    {
        var layout = index.Header.Layout;
        var taken = 0;
        foreach (ref readonly var source in sources)
        {
            var fits = source.Delta < index.Deltas.Count
                && source.Take != 0 && (source.Take & (taken | ~layout.FullMask)) == 0
                && (source.Zero & ~source.Take) == 0
                && (source.Stored & (source.Zero | ~layout.FullMask)) == 0
                && (source.Take & ~source.Zero & ~source.Stored) == 0
                && (source.Stored == 0
                    || HasFrame(source, index.Deltas[source.Delta].Offset, layout));
            if (!fits)
                throw new CorruptObjectException(
                    objectName, "sources within their frames", $"{source}");
            taken |= source.Take;
        }
    }

    private static bool HasFrame(in MergedSource source, long packOffset, Layout layout) =>
        source.Frame.Offset >= 0
        && source.Frame.Offset <= long.MaxValue - layout.BlockBytes - packOffset
        && source.Frame.Fits(layout)
        && source.Position + BitOperations.PopCount(source.Stored) <= source.Frame.Sectors;
}
