using System.Runtime.InteropServices;

namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>A run of the disk that comes from one place.</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Guest">Its first byte on the disk.</param>
/// <param name="Length">Its length on the disk, in bytes.</param>
/// <param name="Host">
/// Where in the file its first byte lies; of a compressed cluster, where the packed bytes begin.
/// </param>
/// <param name="PackedBytes">Of a compressed cluster, the most that its packed bytes take.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MapRun(
    RunKind Kind, long Guest, long Length, long Host, int PackedBytes)
{
    /// <summary>One past its last byte on the disk.</summary>
    public long End => Guest + Length;

    /// <summary>Whether the next run on the disk only continues this one.</summary>
    public bool IsContinuedBy(in MapRun next) =>
        Kind == next.Kind && Kind != RunKind.Compressed
        && (Kind != RunKind.Data || Host + Length == next.Host);
}
