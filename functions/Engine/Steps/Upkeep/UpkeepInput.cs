namespace SnapshotFunctions.Engine.Steps.Upkeep;

/// <summary>A machine to look after.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Repair">Whether what is found damaged is repaired where it can be.</param>
public sealed record UpkeepInput(string Machine, bool Repair = true);
