namespace SnapshotFunctions.Http.Jobs;

/// <summary>Why a job failed.</summary>
/// <param name="Code">For programs: the same codes as problems have.</param>
/// <param name="Message">For people.</param>
public sealed record JobError(string Code, string Message);
