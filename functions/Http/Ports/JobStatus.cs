using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Http.Ports;

/// <summary>One job: one run of a flow.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Flow">The flow's name.</param>
/// <param name="Machine">The machine it is about; null for none.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CancelRequested">Whether it was asked to end.</param>
/// <param name="Started">When it was asked for.</param>
/// <param name="Ended">When it ended; null before.</param>
/// <param name="Progress">The last report; null for none yet.</param>
/// <param name="Output">The flow's result as JSON; null unless completed.</param>
/// <param name="ErrorCode">Why it failed, for programs.</param>
/// <param name="ErrorMessage">Why it failed, for people.</param>
public sealed record JobStatus(
    string Id, string Flow, string? Machine, JobState State, bool CancelRequested,
    DateTimeOffset Started, DateTimeOffset? Ended, FlowProgress? Progress, string? Output,
    string? ErrorCode, string? ErrorMessage)
{
    /// <summary>What its steps have used of the stores; null when that is not known.</summary>
    public Usage? Used { get; init; }

    /// <summary>What it was planned to use when it was started; null when nobody asked.</summary>
    public Usage? Planned { get; init; }
}
