using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>An operation under way and every object that it may create.</summary>
public sealed record OperationRecord
{
    /// <summary>Its number; never given again.</summary>
    public required long Number { get; init; }

    /// <summary>What it does: <c>ingest</c>, <c>consolidate</c>, <c>undo</c>, <c>merge</c>, <c>pack</c> ...</summary>
    public required string Kind { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The job it works for.</summary>
    public required string Job { get; init; }

    /// <summary>The version it is about; 0 for none.</summary>
    public int Version { get; init; }

    /// <summary>The version it moves the base to; 0 for none.</summary>
    public int Target { get; init; }

    /// <summary>The operation that it shuts out; 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Fences { get; init; }

    /// <summary>The deltas it may create.</summary>
    public IReadOnlyList<DeltaSet> Creates { get; init; } = [];

    /// <summary>The merged indexes it may create; null for none.</summary>
    public IReadOnlyList<MergedRecord>? Merges { get; init; }

    /// <summary>The packs it may create, with members of its own number; null for none.</summary>
    public IReadOnlyList<PackRecord>? Packs { get; init; }

    /// <summary>The versions that leave the lists when it closes, ascending; null for none.</summary>
    public IReadOnlyList<int>? Expires { get; init; }

    /// <summary>
    /// The versions that have expired but stay in the lists, hidden, ascending; null for none.
    /// </summary>
    public IReadOnlyList<int>? Hides { get; init; }

    /// <summary>
    /// The machine files of the version it makes, in the snapshot's order: those of its own number
    /// it may create, the others it found with the version below. Null for none.
    /// </summary>
    public IReadOnlyList<VersionFile>? Files { get; init; }

    /// <summary>The shards whose base it may commit.</summary>
    public IReadOnlyList<BaseSet> Bases { get; init; } = [];
}
