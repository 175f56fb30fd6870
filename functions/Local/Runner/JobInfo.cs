using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Local.Runner;

/// <summary>What is known of one job: one run of a flow.</summary>
/// <param name="InstanceId">The job's id.</param>
/// <param name="Flow">The flow's name.</param>
/// <param name="Subject">What it is about, for example a machine; null when not told.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CancelRequested">Whether a running job was asked to end.</param>
/// <param name="Progress">The last report that was journaled, or is known to this process.</param>
/// <param name="Started">When it was started.</param>
/// <param name="Ended">When it ended; null while it runs.</param>
/// <param name="Output">The flow's result as JSON; null unless completed.</param>
/// <param name="ErrorCode">Why it failed, for programs; null unless failed or cancelled.</param>
/// <param name="ErrorMessage">Why it failed, for people.</param>
public sealed record JobInfo(
    string InstanceId,
    string Flow,
    string? Subject,
    JobState State,
    bool CancelRequested,
    FlowProgress? Progress,
    DateTimeOffset Started,
    DateTimeOffset? Ended,
    string? Output,
    string? ErrorCode,
    string? ErrorMessage)
{
    /// <summary>The flow's input as JSON; null once it has ended.</summary>
    public string? Input { get; init; }

    /// <summary>Whether any process has begun to drive it, as far as its journal and this one know.</summary>
    public bool HasBegun { get; init; } = true;

    /// <summary>
    /// What its steps have used of the stores; null for a job of an older program. The runner's own
    /// journal is not in it.
    /// </summary>
    public Usage? Used { get; init; }

    /// <summary>What it was planned to use when it was started; null when nobody asked.</summary>
    public Usage? Planned { get; init; }
}
