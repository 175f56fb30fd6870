using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps.Upkeep;

namespace SnapshotFunctions.Engine.Flows.Upkeep;

/// <summary>The flow of upkeep by name.</summary>
public static class UpkeepNames
{
    /// <summary>Does what is due for a machine by its policy.</summary>
    public static FlowName<UpkeepInput, UpkeepResult> Upkeep { get; } = new(
        "Upkeep", UpkeepFlowJson.Default.UpkeepInput, UpkeepFlowJson.Default.UpkeepResult);

    /// <summary>
    /// The job of a machine in a slot of time: whoever starts it again starts nothing.
    /// </summary>
    public static string JobOf(string machine, DateTimeOffset slot) =>
        $"upkeep-{machine}-{slot.UtcDateTime.ToString(
            "yyyyMMddHHmm", System.Globalization.CultureInfo.InvariantCulture)}";
}
