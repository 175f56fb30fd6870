namespace SnapshotFunctions.Engine.Intake;

/// <summary>An upload to take in.</summary>
/// <param name="Machine">The machine's folder.</param>
/// <param name="Path">The upload, as <see cref="Upload.Path"/> names it.</param>
/// <param name="Mark">
/// The state it was seen in: a newer state is another job's, so that no upload is taken twice.
/// </param>
/// <param name="Snapshot">The snapshot's folder; null for a file that lies where none belongs.</param>
public sealed record TakeUploadInput(
    string Machine, string Path, string Mark, string? Snapshot = null);
