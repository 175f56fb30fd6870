namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>A look at the next objects of a machine.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="From">Where it goes on.</param>
public sealed record PlanTierInput(string Machine, long Epoch, TierCursor From);
