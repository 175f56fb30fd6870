using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>The steps of a restore by name.</summary>
public static class RestoreSteps
{
    /// <summary>Finds out what a restore must do.</summary>
    public static StepName<PlanRestoreInput, RestorePlan> Plan { get; } = new(
        "PlanRestore", RestoreStepJson.Default.PlanRestoreInput,
        RestoreStepJson.Default.RestorePlan);

    /// <summary>Makes the target ready.</summary>
    public static StepName<RestoreTargetRequest, PreparedTarget> Prepare { get; } = new(
        "PrepareTarget", RestoreStepJson.Default.RestoreTargetRequest,
        RestoreStepJson.Default.PreparedTarget);

    /// <summary>Writes one part of a disk.</summary>
    public static StepName<RestoreShardInput, RestoreOutcome> Shard { get; } = new(
        "RestoreShard", RestoreStepJson.Default.RestoreShardInput,
        RestoreStepJson.Default.RestoreOutcome);

    /// <summary>Writes a whole disk as an image of another format.</summary>
    public static StepName<RestoreImageInput, RestoreOutcome> Image { get; } = new(
        "RestoreImage", RestoreStepJson.Default.RestoreImageInput,
        RestoreStepJson.Default.RestoreOutcome);

    /// <summary>Puts the target under its name.</summary>
    public static StepName<PreparedTarget, PreparedTarget> Complete { get; } = new(
        "CompleteRestore", RestoreStepJson.Default.PreparedTarget,
        RestoreStepJson.Default.PreparedTarget);

    /// <summary>Counts that a version was restored.</summary>
    public static StepName<RestoreSource, RestoreSource> NoteRead { get; } = new(
        "NoteRead", RestoreStepJson.Default.RestoreSource, RestoreStepJson.Default.RestoreSource);

    /// <summary>Removes what was made of a new target.</summary>
    public static StepName<PreparedTarget, PreparedTarget> Abandon { get; } = new(
        "AbandonRestore", RestoreStepJson.Default.PreparedTarget,
        RestoreStepJson.Default.PreparedTarget);
}
