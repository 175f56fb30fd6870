using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>How far a job has come.</summary>
/// <param name="Phase">What is being done, in a word or two for people.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; 0 when not known.</param>
/// <param name="Unit">What is counted: <c>shards</c>, <c>bytes</c>.</param>
public sealed record JobProgress(string Phase, long Done, long Total, string Unit)
{
    /// <summary>The progress of a report; null for none.</summary>
    public static JobProgress? Of(FlowProgress? report) => report is null
        ? null : new JobProgress(report.Phase, report.Done, report.Total, report.Unit);
}
