using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// What must hold inside a delta's index, so that no reader can be led astray: a seal proves only
/// that the bytes are those that were written.
/// </summary>
internal static class DeltaIndexCheck
{
    /// <summary>Checks a decoded index.</summary>
    /// <exception cref="CorruptObjectException">Something does not hold.</exception>
    public static void Run(DeltaIndex index, string objectName)
    {
        var header = index.Header;
        if (index.From == index.To
            || !ObjectHeader.IsVersion(index.From) || !ObjectHeader.IsVersion(index.To)
            || !header.IsDiskSize(index.FromDiskBytes) || !header.IsDiskSize(index.ToDiskBytes))
            throw new CorruptObjectException(
                objectName, "two versions and their disk sizes",
                $"{index.From} of {index.FromDiskBytes} bytes to {index.To} of {index.ToDiskBytes}");
        CheckFrames(index, objectName);
        // Frames end below the largest number, so that no reader's sum of offsets overflows.
        if (!index.Place.IsSound || index.PackOffset > long.MaxValue - index.DataBytes)
            throw new CorruptObjectException(
                objectName, "data of its own or a place in a pack",
                $"pack {index.Pack}, offset {index.PackOffset}");
        CheckRuns(index, objectName);
        CheckEntries(index, objectName);
        var last = -1;
        foreach (var page in index.Pages)
        {
            if (page.Page <= last || page.Page >= header.Layout.PagesPerShard)
                throw new CorruptObjectException(objectName, "ascending pages", $"{page.Page}");
            last = page.Page;
        }
    }

    private static void CheckFrames(DeltaIndex index, string objectName)
    {
        var end = 0L;
        foreach (var frame in index.Frames)
        {
            if (!frame.Fits(index.Header.Layout))
                throw new CorruptObjectException(objectName, "frames of some sectors", $"{frame}");
            end += frame.StoredBytes;
        }
        if (end != index.DataBytes)
            throw new CorruptObjectException(
                objectName, $"frames of {index.DataBytes} bytes", $"{end}");
    }

    private static void CheckRuns(DeltaIndex index, string objectName)
    {
        var blocks = index.Header.Layout.BlocksPerShard;
        var end = -1;
        foreach (var run in index.ZeroRuns)
        {
            // Written so that no sum of two stored numbers can overflow.
            if (run.First <= end || run.Count < 1 || run.Count > blocks
                || run.First > blocks - run.Count)
                throw new CorruptObjectException(objectName, "ascending runs", $"{run}");
            end = run.End;
        }
    }

    private static void CheckEntries(DeltaIndex index, string objectName)
    {
        var layout = index.Header.Layout;
        var last = -1;
        var run = 0;
        foreach (ref readonly var entry in index.Entries.AsSpan())
        {
            while (run < index.ZeroRuns.Count && index.ZeroRuns[run].End <= entry.Block) run++;
            var zeroed = run < index.ZeroRuns.Count && index.ZeroRuns[run].First <= entry.Block;
            var fits = entry.Block > last && entry.Block < layout.BlocksPerShard && !zeroed
                && entry.Changed != 0 && (entry.Changed & ~layout.FullMask) == 0
                && (entry.Zero & ~entry.Changed) == 0 && !entry.Hash.IsZero
                && (entry.Stored == 0
                    ? entry.Frame == -1
                    : entry.Frame >= 0 && entry.Frame < index.Frames.Count
                        && entry.Position + entry.StoredCount <= index.Frames[entry.Frame].Sectors);
            if (!fits)
                throw new CorruptObjectException(
                    objectName, "ascending entries within their frames", $"{entry}");
            last = entry.Block;
        }
    }
}
