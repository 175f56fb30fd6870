using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// A rehydration whose copies readers may use: all that lies below
/// <see cref="ObjectNames.Rehydrated(string, long)"/> in the delta placement. One that changes the
/// objects' own tiers has a record too, by which its job is found, and no copies.
/// </summary>
public sealed record RehydratedRecord
{
    /// <summary>Its number, from the same row as those of operations.</summary>
    public required long Operation { get; init; }

    /// <summary>The job that made it and removes it.</summary>
    public required string Job { get; init; }

    /// <summary>The version that is to be read.</summary>
    public required int Version { get; init; }

    /// <summary>The disk.</summary>
    public required string Disk { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>
    /// When its copies go, whatever became of its job, which lets this run on while it lives.
    /// </summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>
    /// Whether readers keep its copies until then. Null while its job works, which removes them at
    /// its end: nobody else may count on those for longer than it reads.
    /// </summary>
    public bool? IsKept { get; init; }

    /// <summary>How many objects were asked for.</summary>
    public int Objects { get; init; }

    /// <summary>Their length together.</summary>
    public long Bytes { get; init; }
}
