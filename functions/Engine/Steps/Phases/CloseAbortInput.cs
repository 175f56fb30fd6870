namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An operation that is shut out and leaves the manifest.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Operation">The operation that was shut out.</param>
/// <param name="Fence">The operation that shut it out.</param>
public sealed record CloseAbortInput(string Machine, long Epoch, long Operation, long Fence);
