using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// An immutable page of older versions, <see cref="ObjectNames.VersionPage"/> in the base placement.
/// </summary>
public sealed record VersionPage
{
    /// <summary>The format that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format of this page.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>The machine's name.</summary>
    public required string Machine { get; init; }

    /// <summary>
    /// The revision of the head that it was written for: two pages of the same content have
    /// different names, so that a page once let go is never listed again.
    /// </summary>
    public required long Revision { get; init; }

    /// <summary>The versions, ascending; at most 1,024.</summary>
    public required IReadOnlyList<VersionRecord> Versions { get; init; }

    /// <summary>The merged indexes that end within this page.</summary>
    public required IReadOnlyList<MergedRecord> Merged { get; init; }

    /// <summary>The packs whose highest edge lies within this page; null for none.</summary>
    public IReadOnlyList<PackRecord>? Packs { get; init; }
}
