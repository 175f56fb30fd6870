using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>The check that every image makes of the ranges asked of it.</summary>
internal static class DiskRanges
{
    /// <summary>Refuses a range that does not lie on the disk: an error of the caller.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It reaches outside the disk.</exception>
    public static void Check(ByteRange range, long sizeBytes)
    {
        if (range.Offset < 0 || range.End < range.Offset || range.End > sizeBytes)
            throw new ArgumentOutOfRangeException(
                nameof(range), range, $"The disk holds {sizeBytes} bytes.");
    }
}
