namespace SnapshotFunctions.Http.Jobs;

/// <summary>Which version to take back.</summary>
/// <param name="Version">
/// The version that must be the newest; without it the one that is the newest when the call comes.
/// </param>
public sealed record UndoRequest(int? Version = null);
