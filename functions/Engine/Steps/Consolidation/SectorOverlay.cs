using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>The right way.</summary>
internal sealed class SectorOverlay : ISectorOverlay
{
    public void Lay(
        Span<byte> block, ushort take, ushort zero, ushort stored, ReadOnlySpan<byte> held,
        Layout layout) => Sectors.Lay(block, take, zero, stored, held, layout);
}
