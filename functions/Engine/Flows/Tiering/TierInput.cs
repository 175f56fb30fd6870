namespace SnapshotFunctions.Engine.Flows.Tiering;

/// <summary>A machine whose reverse incrementals are to go down its ladder.</summary>
/// <param name="Machine">The machine.</param>
public sealed record TierInput(string Machine);
