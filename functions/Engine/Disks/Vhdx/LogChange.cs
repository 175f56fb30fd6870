using System.Runtime.InteropServices;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>One change that the log makes to the file.</summary>
/// <param name="Start">The first byte of the file that it changes.</param>
/// <param name="End">One past the last.</param>
/// <param name="DataAt">
/// Where in the log's file the sector lies that holds the new bytes; -1 for zeros.
/// </param>
/// <param name="Leading">The new bytes' first eight, which stand in the descriptor.</param>
/// <param name="Trailing">The new bytes' last four.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LogChange(
    long Start, long End, long DataAt, ulong Leading = 0, uint Trailing = 0);
