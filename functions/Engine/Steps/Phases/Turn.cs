namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>A machine's turn, or who has it.</summary>
/// <param name="Epoch">The claim's epoch; 0: the job does not have the turn.</param>
/// <param name="HeldBy">Who has it; null with epoch 0: ask again after the epoch seen.</param>
/// <param name="Interrupted">Operations of other jobs that were left under way.</param>
/// <param name="Seen">The machine's newest epoch, where the job does not have the turn.</param>
/// <param name="Gone">
/// There is no such machine, and this was last deleted of its name: ask again with it. Else null.
/// </param>
public sealed record Turn(
    long Epoch, string? HeldBy, IReadOnlyList<long> Interrupted, long Seen = 0, string? Gone = null);
