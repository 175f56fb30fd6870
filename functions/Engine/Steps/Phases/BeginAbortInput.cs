namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An operation that shall end without having finished.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job that ends it.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Operation">The operation; 0: the job's own, if it has opened one.</param>
public sealed record BeginAbortInput(string Machine, string Job, long Epoch, long Operation);
