namespace SnapshotFunctions.Http.Ports;

/// <summary>Some jobs, and where the next ones begin.</summary>
/// <param name="Jobs">The jobs, the newest first.</param>
/// <param name="Continuation">What to ask for the next page with; null at the end.</param>
public sealed record JobPage(IReadOnlyList<JobStatus> Jobs, string? Continuation);
