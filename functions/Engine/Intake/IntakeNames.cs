using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>The intake's flow and steps by name.</summary>
public static class IntakeNames
{
    /// <summary>Takes an upload in, or puts it aside.</summary>
    public static FlowName<TakeUploadInput, TakeUploadResult> TakeUpload { get; } = new(
        "TakeUpload", IntakeJson.Default.TakeUploadInput, IntakeJson.Default.TakeUploadResult);

    /// <summary>Looks whether an upload can be taken, and reads what is to be ingested.</summary>
    public static StepName<TakeUploadInput, UploadLook> LookAt { get; } = new(
        "LookAtUpload", IntakeJson.Default.TakeUploadInput, IntakeJson.Default.UploadLook);

    /// <summary>Removes the files of an upload that was taken in.</summary>
    public static StepName<RemoveUploadInput, PutAsideOutcome> Remove { get; } = new(
        "RemoveUpload", IntakeJson.Default.RemoveUploadInput,
        IntakeJson.Default.PutAsideOutcome);

    /// <summary>Puts a bad upload aside.</summary>
    public static StepName<PutAsideInput, PutAsideOutcome> PutAside { get; } = new(
        "PutUploadAside", IntakeJson.Default.PutAsideInput, IntakeJson.Default.PutAsideOutcome);
}
