using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Flows.Tiering;

/// <summary>The flow of tiering by name.</summary>
public static class TierNames
{
    /// <summary>Moves reverse incrementals down the ladder.</summary>
    public static FlowName<TierInput, TierResult> Tier { get; } = new(
        "Tier", TierJson.Default.TierInput, TierJson.Default.TierResult);
}
