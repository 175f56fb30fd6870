namespace SnapshotFunctions.Engine.Check;

/// <summary>What the check of a machine's manifest came to.</summary>
/// <param name="Tally">What was seen and found.</param>
/// <param name="Disks">The shards that are to be checked; none when the head cannot be read.</param>
/// <param name="HasFiles">Whether any version has machine files.</param>
public sealed record CheckMachineOutcome(
    CheckTally Tally, IReadOnlyList<DiskShards> Disks, bool HasFiles = false);
