using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>The repairing steps by name.</summary>
public static class RepairStepNames
{
    /// <summary>Lists a repair.</summary>
    public static StepName<OpenRepairInput, RepairTicket> OpenRepair { get; } = new(
        "OpenRepair", RepairJson.Default.OpenRepairInput, RepairJson.Default.RepairTicket);

    /// <summary>Mends one shard.</summary>
    public static StepName<RepairShardInput, RepairTally> RepairShard { get; } = new(
        "RepairShard", RepairJson.Default.RepairShardInput, RepairJson.Default.RepairTally);
}
