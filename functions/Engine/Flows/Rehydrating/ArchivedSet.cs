using SnapshotFunctions.Engine.Steps.Rehydrating;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>All archived objects that a range needs, in the parts that steps take.</summary>
/// <param name="Version">The version that was found.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Parts">The objects; no part is empty.</param>
internal sealed record ArchivedSet(
    int Version, string Disk, IReadOnlyList<IReadOnlyList<ArchivedObject>> Parts)
{
    /// <summary>How many there are.</summary>
    public int Objects => Parts.Sum(p => p.Count);

    /// <summary>Their length together.</summary>
    public long Bytes => Parts.Sum(p => p.Sum(o => o.LengthBytes));
}
