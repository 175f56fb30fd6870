namespace SnapshotFunctions.Http.Jobs;

/// <summary>Some jobs.</summary>
/// <param name="Jobs">The jobs, the newest first.</param>
/// <param name="Next">The link to the next page; absent at the end.</param>
public sealed record JobsDocument(IReadOnlyList<JobDocument> Jobs, string? Next);
