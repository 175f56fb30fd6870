using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>One disk as a version has it.</summary>
public sealed record VersionDisk
{
    /// <summary>The disk's name.</summary>
    public required string Name { get; init; }

    /// <summary>The disk's size at this version.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The disk's node of the fingerprint.</summary>
    public required Hash256 Node { get; init; }

    /// <summary>The format of the image it came from: <c>raw</c>, <c>qcow2</c> ...</summary>
    public required string Format { get; init; }

    /// <summary>The file name it came from.</summary>
    public string? Source { get; init; }

    /// <summary>What the image said of its parent, as its format writes it.</summary>
    public string? ParentHint { get; init; }

    /// <summary>
    /// The image's own identifier, as its format keeps one (VHD, VHDX): what an incremental on this
    /// version must name as its parent's.
    /// </summary>
    public string? ImageId { get; init; }

    /// <summary>Bytes in the sectors that changed against the version below.</summary>
    public long ChangedBytes { get; init; }

    /// <summary>A table of <see cref="ShardEdge"/>: the shards that this version changed.</summary>
    public required TableReference Edges { get; init; }
}
