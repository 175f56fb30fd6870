namespace SnapshotFunctions.Engine.Outcomes;

/// <summary>What is to be told.</summary>
/// <param name="Events">The events, in order.</param>
public sealed record AnnounceInput(IReadOnlyList<OutcomeEvent> Events);
