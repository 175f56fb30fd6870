namespace SnapshotFunctions.Engine.Intake;

/// <summary>A job that takes one state of one upload in.</summary>
/// <param name="Id">The job's id; the same for the same state.</param>
/// <param name="Input">The input of <see cref="IntakeNames.TakeUpload"/>.</param>
public sealed record UploadJob(string Id, TakeUploadInput Input);
