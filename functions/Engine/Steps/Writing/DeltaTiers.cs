using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>Which tier objects are first written to.</summary>
public static class DeltaTiers
{
    /// <summary>
    /// Of reverse incrementals: where the policy has a ladder it begins at Hot, because what is
    /// young is thinned out within days, and would be billed for a colder tier's minimum stay.
    /// </summary>
    public static StorageTier OfReverse(MachinePolicy policy, EngineOptions options) =>
        options.ReverseTier == StorageTier.Default ? StorageTier.Default
        : policy.Placement is { } placement ? placement.Deltas
        : policy.Ladder is { Count: > 0 } ? StorageTier.Hot
        : options.ReverseTier;

    /// <summary>Of bases; every commit repeats it.</summary>
    public static StorageTier OfBase(MachinePolicy policy, EngineOptions options) =>
        options.BaseTier == StorageTier.Default ? StorageTier.Default
        : policy.Placement?.Base ?? options.BaseTier;
}
