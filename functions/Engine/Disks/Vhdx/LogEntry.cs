using System.Runtime.InteropServices;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>One entry of the log whose structure and checksum are right.</summary>
/// <param name="At">Where in the log it begins.</param>
/// <param name="LengthBytes">How long it is; it may wrap around the log's end.</param>
/// <param name="Tail">Where in the log the oldest entry begins that it needs.</param>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="Descriptors">How many changes it holds.</param>
/// <param name="FlushedBytes">The file was at least this long when it was written.</param>
/// <param name="LastBytes">How long the file must be for its changes.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LogEntry(
    long At, long LengthBytes, long Tail, ulong Sequence, int Descriptors, long FlushedBytes,
    long LastBytes)
{
    /// <summary>The log's unit.</summary>
    public const int SectorBytes = 4096;

    /// <summary>The size of an entry's header.</summary>
    public const int HeaderBytes = 64;

    /// <summary>The size of a descriptor.</summary>
    public const int DescriptorBytes = 32;

    /// <summary>Sectors that a header and some descriptors take up.</summary>
    public static long DescriptorSectors(long descriptors) =>
        (HeaderBytes + (descriptors * DescriptorBytes) + SectorBytes - 1) / SectorBytes;
}
