namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>What <c>EndRehydration</c> ends.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job.</param>
/// <param name="Operation">Its rehydration; 0 when the job was never told.</param>
/// <param name="Keeps">Whether readers keep the copies for a while.</param>
public sealed record EndRehydrationInput(
    string Machine, string Job, long Operation, bool Keeps = false);
