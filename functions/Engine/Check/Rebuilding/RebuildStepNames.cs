using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>The steps that rebuild catalogs, by name.</summary>
public static class RebuildStepNames
{
    /// <summary>Finds machines by the names that lie in both placements.</summary>
    public static StepName<FindMachinesInput, FoundMachines> FindMachines { get; } = new(
        "FindMachines", RebuildJson.Default.FindMachinesInput, RebuildJson.Default.FoundMachines);

    /// <summary>Makes one machine's head anew.</summary>
    public static StepName<RebuildMachineInput, RebuiltMachine> RebuildMachine { get; } = new(
        "RebuildMachine", RebuildJson.Default.RebuildMachineInput,
        RebuildJson.Default.RebuiltMachine);
}
