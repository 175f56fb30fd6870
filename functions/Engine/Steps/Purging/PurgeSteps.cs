using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>The steps of a machine's deletion by name.</summary>
public static class PurgeSteps
{
    /// <summary>Tells how it stands.</summary>
    public static StepName<PurgeStepInput, PurgeMark> Look { get; } = new(
        "LookPurge", PurgeStepJson.Default.PurgeStepInput, PurgeStepJson.Default.PurgeMark);

    /// <summary>Marks the machine.</summary>
    public static StepName<MarkPurgeInput, PurgeMark> Mark { get; } = new(
        "MarkPurge", PurgeStepJson.Default.MarkPurgeInput, PurgeStepJson.Default.PurgeMark);

    /// <summary>Deletes the manifest.</summary>
    public static StepName<PurgeStepInput, GoneHead> DeleteHead { get; } = new(
        "DeleteHead", PurgeStepJson.Default.PurgeStepInput, PurgeStepJson.Default.GoneHead);

    /// <summary>Deletes some of the rest.</summary>
    public static StepName<PurgeStepInput, PurgedBatch> DeleteObjects { get; } = new(
        "DeleteObjects", PurgeStepJson.Default.PurgeStepInput, PurgeStepJson.Default.PurgedBatch);
}
