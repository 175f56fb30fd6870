using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>One retained restorable point of a machine.</summary>
public sealed record VersionRecord
{
    /// <summary>Its number: 1, 2, 3 ...; never given again.</summary>
    public required int Number { get; init; }

    /// <summary>Whether it can be restored.</summary>
    public required VersionState State { get; init; }

    /// <summary>When the machine was in this state.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the user calls it.</summary>
    public string? Label { get; init; }

    /// <summary>The upload that it came from.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The version that the snapshot was laid on; null for a full one.</summary>
    public int? Parent { get; init; }

    /// <summary>The operation that ingested it.</summary>
    public required long Operation { get; init; }

    /// <summary>The fingerprint of all its disks.</summary>
    public required Hash256 Fingerprint { get; init; }

    /// <summary>Its disks, in ordinal order of names.</summary>
    public required IReadOnlyList<VersionDisk> Disks { get; init; }

    /// <summary>
    /// Its machine files, in ordinal order of names; null for none. The fingerprint says nothing
    /// of them: each has its own hash.
    /// </summary>
    public IReadOnlyList<VersionFile>? Files { get; init; }
}
