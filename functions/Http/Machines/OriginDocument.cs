using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Http.Machines;

/// <summary>What a clone began from: blocks that it has not changed are read from there.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Version">Its version, which is pinned for the clone.</param>
/// <param name="Depth">How many machines are read through at most.</param>
/// <param name="Self">All about that version.</param>
public sealed record OriginDocument(string Machine, int Version, int Depth, string Self)
{
    /// <summary>The document of an origin; null for none.</summary>
    public static OriginDocument? Of(OriginRecord? origin) => origin is null ? null : new(
        origin.Machine, origin.Version, origin.Depth,
        $"{Links.Machine(origin.Machine)}/versions/{origin.Version}");
}
