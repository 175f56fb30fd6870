namespace SnapshotFunctions.AppTests.Replay;

/// <summary>One line of an orchestration's history: an action it took, or news it got.</summary>
/// <param name="Kind">What.</param>
/// <param name="Call">The action's number; 0 for an event.</param>
/// <param name="Time">When.</param>
/// <param name="Name">The activity, sub-orchestration, event or target.</param>
/// <param name="Value">The input, the result, the due time or the payload.</param>
/// <param name="Detail">The version of a sub-orchestration; the kind of a failure.</param>
public sealed record HistoryEntry(
    EntryKind Kind, int Call, DateTime Time, string Name, string? Value = null,
    string? Detail = null);
