using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>
/// From an age on, the data of reverse incrementals may lie in a tier. Whether it goes there is
/// decided by what the move costs and saves before the data is expected to go.
/// </summary>
/// <param name="AfterDays">The age, counted from the version's time; each rung's is higher.</param>
/// <param name="Tier">The tier; each rung's is colder.</param>
public sealed record LadderRung(int AfterDays, StorageTier Tier)
{
    /// <summary>Cool after a week, Cold after a quarter of a year.</summary>
    public static IReadOnlyList<LadderRung> Default { get; } =
        [new(7, StorageTier.Cool), new(90, StorageTier.Cold)];
}
