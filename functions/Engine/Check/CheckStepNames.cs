using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Check;

/// <summary>The checking steps by name.</summary>
public static class CheckStepNames
{
    /// <summary>Checks a machine's manifest and looks for orphans.</summary>
    public static StepName<CheckMachineInput, CheckMachineOutcome> CheckMachine { get; } = new(
        "CheckMachine", CheckJson.Default.CheckMachineInput, CheckJson.Default.CheckMachineOutcome);

    /// <summary>Checks machine files.</summary>
    public static StepName<CheckFilesInput, CheckFilesOutcome> CheckFiles { get; } = new(
        "CheckFiles", CheckJson.Default.CheckFilesInput, CheckJson.Default.CheckFilesOutcome);

    /// <summary>Checks one shard at all its versions.</summary>
    public static StepName<CheckShardInput, CheckTally> CheckShard { get; } = new(
        "CheckShard", CheckJson.Default.CheckShardInput, CheckJson.Default.CheckTally);
}
