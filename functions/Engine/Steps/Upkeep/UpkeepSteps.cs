using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Upkeep;

/// <summary>The steps of upkeep by name.</summary>
public static class UpkeepSteps
{
    /// <summary>Tells what is due.</summary>
    public static StepName<UpkeepInput, UpkeepDue> Plan { get; } = new(
        "PlanUpkeep", UpkeepJson.Default.UpkeepInput, UpkeepJson.Default.UpkeepDue);

    /// <summary>Writes down what was done.</summary>
    public static StepName<UpkeepDone, bool> Record { get; } = new(
        "RecordUpkeep", UpkeepJson.Default.UpkeepDone, UpkeepJson.Default.Boolean);

    /// <summary>Deletes what nobody may read any more.</summary>
    public static StepName<UpkeepInput, int> Sweep { get; } = new(
        "Sweep", UpkeepJson.Default.UpkeepInput, UpkeepJson.Default.Int32);
}
