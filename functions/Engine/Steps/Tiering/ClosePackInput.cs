namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>An operation whose packs are all written.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Packs">What its packs came to.</param>
public sealed record ClosePackInput(
    string Machine, long Epoch, long Operation, IReadOnlyList<PackOutcome> Packs);
