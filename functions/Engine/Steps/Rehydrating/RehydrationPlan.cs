namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>Some of the archived objects that a range needs.</summary>
/// <param name="Version">The version.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Objects">The objects.</param>
/// <param name="NextShard">The shard to go on at; null when that was all.</param>
/// <param name="NextAfter">The object of that shard after which to go on.</param>
public sealed record RehydrationPlan(
    int Version, string Disk, IReadOnlyList<ArchivedObject> Objects, int? NextShard,
    string NextAfter);
