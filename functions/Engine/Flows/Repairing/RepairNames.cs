using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Flows.Repairing;

/// <summary>The repairing flows by name.</summary>
public static class RepairNames
{
    /// <summary>Mends what is damaged of a machine.</summary>
    public static FlowName<RepairInput, RepairResult> Repair { get; } = new(
        "Repair", RepairFlowJson.Default.RepairInput, RepairFlowJson.Default.RepairResult);

    /// <summary>Mends some shards; a part of <see cref="Repair"/>.</summary>
    public static FlowName<RepairShardsInput, RepairTally> RepairShards { get; } = new(
        "RepairShards", RepairFlowJson.Default.RepairShardsInput,
        RepairFlowJson.Default.RepairTally);
}
