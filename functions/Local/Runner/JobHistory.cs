using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Local.Runner;

/// <summary>What a journal holds, less what happened inside sub-flows that have ended.</summary>
/// <param name="Records">The records that have something to deliver or to check, in order.</param>
/// <param name="EndedFlows">The calls whose sub-flows have ended and are not run again.</param>
/// <param name="Sources">The objects whose events are in the journal.</param>
/// <param name="Progress">The last report.</param>
/// <param name="Used">What the steps have used that are in the journal.</param>
internal sealed record JobHistory(
    IReadOnlyList<JournalRecord> Records, IReadOnlySet<string> EndedFlows,
    IReadOnlySet<string> Sources, FlowProgress? Progress, Usage Used)
{
    public static JobHistory Empty { get; } = new(
        [], new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal),
        null, Usage.None);
}
