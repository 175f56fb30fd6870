using System.Runtime.InteropServices;

namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>A part of an L2 table in memory, or a range for which no table exists.</summary>
/// <param name="Guest">The first byte of the disk that it describes.</param>
/// <param name="End">One past the last byte that it describes; may lie past the disk's end.</param>
/// <param name="Page">The page that holds the entries; null where there is no table.</param>
/// <param name="FirstByte">Where in the page the first entry lies.</param>
/// <param name="TableOffset">Where in the file the table begins; 0 where there is none.</param>
/// <param name="PageOffset">Where in the file the page begins.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TableSlice(
    long Guest, long End, byte[]? Page, int FirstByte, long TableOffset, long PageOffset);
