namespace SnapshotFunctions.Engine.Intake;

/// <summary>An upload that was taken in, to be removed.</summary>
/// <param name="Machine">The machine's folder.</param>
/// <param name="Snapshot">The snapshot's folder.</param>
/// <param name="Path">The upload.</param>
/// <param name="Files">Its files, in the state that was taken.</param>
public sealed record RemoveUploadInput(
    string Machine, string? Snapshot, string Path, IReadOnlyList<UploadedFile> Files);
