namespace SnapshotFunctions.Local.Serving;

/// <summary>One running job, as <c>GET /healthz</c> tells of it.</summary>
/// <param name="Job">Its id.</param>
/// <param name="Flow">Its flow.</param>
/// <param name="Subject">The machine.</param>
/// <param name="Phase">What it does just now; null when it has not said yet.</param>
/// <param name="Done">How much of that is done.</param>
/// <param name="Total">How much it is in all; 0 when not known.</param>
/// <param name="Unit">What is counted.</param>
internal sealed record HealthJob(
    string Job, string Flow, string? Subject, string? Phase, long Done, long Total, string? Unit);
