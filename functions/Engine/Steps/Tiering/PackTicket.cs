namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>An operation that copies deltas into packs; or none.</summary>
/// <param name="Operation">Its number; 0: there is nothing to pack among what was looked at.</param>
/// <param name="Packs">How many packs it writes, numbered from 1.</param>
/// <param name="Lowest">The lowest edge whose delta it replaces.</param>
/// <param name="Highest">The highest one.</param>
/// <param name="Next">Where the next look goes on; null: that was all.</param>
public sealed record PackTicket(
    long Operation, int Packs, int Lowest, int Highest, TierCursor? Next);
