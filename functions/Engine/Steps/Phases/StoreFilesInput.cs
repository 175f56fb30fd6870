namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Machine files to keep with the version that an ingest makes.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Operation">The ingest.</param>
/// <param name="Version">The version it makes.</param>
/// <param name="First">The place of the first of them among all of the snapshot.</param>
/// <param name="Files">Some of the snapshot's files.</param>
public sealed record StoreFilesInput(
    string Machine, long Epoch, long Operation, int Version, int First,
    IReadOnlyList<SurveyedFile> Files);
