namespace SnapshotFunctions.Http.Ports;

/// <summary>Which jobs are listed; null takes all.</summary>
/// <param name="Machine">Only jobs about this machine.</param>
/// <param name="State">Only jobs that stand so.</param>
/// <param name="Flow">Only jobs of this flow.</param>
public sealed record JobFilter(
    string? Machine = null, JobState? State = null, string? Flow = null);
