namespace SnapshotFunctions.Engine.Flows.Upkeep;

/// <summary>What upkeep came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Parts">Each part that was due, in order.</param>
/// <param name="Errors">Errors that verifications found.</param>
/// <param name="Repaired">How many objects were repaired.</param>
/// <param name="Lost">How many damages nothing stored can mend.</param>
public sealed record UpkeepResult(
    string Machine, IReadOnlyList<UpkeepOutcome> Parts, long Errors, int Repaired, int Lost);
