namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>The next pack to repair.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Operation">The repair's number.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Images">Images that may hold what is damaged.</param>
/// <param name="Packs">The packs by name; null for those that hold anything of its shards.</param>
/// <param name="Skip">How many of the listed packs were passed.</param>
public sealed record RepairPackInput(
    string Machine, long Operation, long Epoch, IReadOnlyList<RepairImage> Images,
    IReadOnlyList<string>? Packs, int Skip);
