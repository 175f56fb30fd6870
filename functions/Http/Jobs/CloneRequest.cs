namespace SnapshotFunctions.Http.Jobs;

/// <summary>A clone to make.</summary>
/// <param name="Name">The new machine's name.</param>
public sealed record CloneRequest(string Name);
