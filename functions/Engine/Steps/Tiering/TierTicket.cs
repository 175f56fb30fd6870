namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>What some objects' tiers come to.</summary>
/// <param name="Looked">Objects that were looked at.</param>
/// <param name="Moves">Those that move by themselves now.</param>
/// <param name="At">When they were looked at.</param>
/// <param name="Next">Where the next look goes on; null: that was all.</param>
public sealed record TierTicket(
    int Looked, IReadOnlyList<TierMove> Moves, DateTimeOffset At, TierCursor? Next);
