using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// A sorted table of shards: its packed entries in place when they are few, else the hash that
/// names an immutable object (<see cref="ObjectNames.ShardTable"/>). <see cref="ShardTables"/>
/// packs and reads them.
/// </summary>
public sealed record TableReference
{
    /// <summary>A table without entries.</summary>
    public static TableReference Empty { get; } = new();

    /// <summary>How many entries it has.</summary>
    public int Count { get; init; }

    /// <summary>The packed entries in base 64; null when they lie in an object, or are none.</summary>
    public string? Inline { get; init; }

    /// <summary>The SHA-256 of the object's bytes; null when the entries are in place.</summary>
    public Hash256? Object { get; init; }
}
