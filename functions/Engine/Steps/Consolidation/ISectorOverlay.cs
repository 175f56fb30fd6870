using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>
/// Lays a delta's sectors over a block. One way is right; tests put a wrong one in its place to
/// see that the proof stops it.
/// </summary>
internal interface ISectorOverlay
{
    /// <summary>Lays sectors over a block, as <see cref="Views.Sectors.Lay"/> tells.</summary>
    void Lay(
        Span<byte> block, ushort take, ushort zero, ushort stored, ReadOnlySpan<byte> held,
        Layout layout);
}
