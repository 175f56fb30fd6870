using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Http.Machines;

/// <summary>One version of a machine.</summary>
/// <param name="Version">Its number.</param>
/// <param name="State">Whether it can be restored.</param>
/// <param name="Role">How it is kept.</param>
/// <param name="Time">When the machine was in this state.</param>
/// <param name="Label">What the user calls it.</param>
/// <param name="Parent">The version its snapshot was laid on; absent for a full one.</param>
/// <param name="Snapshot">The upload that it came from.</param>
/// <param name="SizeBytes">The sizes of its disks together.</param>
/// <param name="ChangedBytes">Bytes in the sectors that it changed.</param>
/// <param name="Fingerprint">The hash tree's root over all its disks.</param>
/// <param name="Disks">Its disks.</param>
/// <param name="Files">Its machine files; empty for none.</param>
/// <param name="Pins">Who needs it: it does not expire while there is one.</param>
/// <param name="Links">Where to go from here.</param>
public sealed record VersionDocument(
    int Version, VersionState State, VersionRole Role, DateTimeOffset Time, string? Label,
    int? Parent, string? Snapshot, long SizeBytes, long ChangedBytes, string Fingerprint,
    IReadOnlyList<VersionDiskDocument> Disks, IReadOnlyList<VersionFileDocument> Files,
    IReadOnlyList<PinDocument> Pins, VersionLinks Links)
{
    /// <summary>The document of a version.</summary>
    /// <param name="head">The machine.</param>
    /// <param name="version">The version.</param>
    /// <param name="standing">The version that the base stands at.</param>
    public static VersionDocument Of(
        ManifestHead head, VersionRecord version, int standing) => Of(
        head, head.Machine, version, standing);

    private static VersionDocument Of(
        ManifestHead head, string machine, VersionRecord version, int standing) => new(
        version.Number, version.State,
        version.Number == standing ? VersionRole.Base
            : version.Number < standing ? VersionRole.Reverse
            : VersionRole.Forward,
        version.Time, version.Label, version.Parent, version.Snapshot,
        version.Disks.Sum(d => d.SizeBytes), version.Disks.Sum(d => d.ChangedBytes),
        version.Fingerprint.ToString(),
        [.. version.Disks.Select(d => VersionDiskDocument.Of(machine, version.Number, d))],
        [.. (version.Files ?? [])
            .Select(f => VersionFileDocument.Of(machine, version.Number, f))],
        [.. head.Pins?.Where(p => p.Version == version.Number).Select(PinDocument.Of) ?? []],
        VersionLinks.Of(machine, version.Number));
}
