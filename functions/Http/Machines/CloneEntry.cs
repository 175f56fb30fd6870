using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Http.Machines;

/// <summary>A machine that began from a version of another one.</summary>
/// <param name="Machine">The clone.</param>
/// <param name="Version">The other machine's version.</param>
/// <param name="Self">All about the clone.</param>
public sealed record CloneEntry(string Machine, int Version, string Self)
{
    /// <summary>The clones that a machine's pins name.</summary>
    public static IReadOnlyList<CloneEntry> Of(ManifestHead head) =>
    [
        .. (head.Pins ?? [])
            .Select(p => (Name: OriginRecord.CloneOf(p.Owner), p.Version))
            .Where(p => p.Name is not null)
            .Select(p => new CloneEntry(p.Name!, p.Version, Links.Machine(p.Name!))),
    ];
}
