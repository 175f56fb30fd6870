namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>A look for groups of reverse incrementals that have no merged index yet.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job.</param>
/// <param name="Round">Which operation of the job it is, from 0: each is opened once.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Above">Looked for are groups over edges above this version ...</param>
/// <param name="UpTo">... and up to this one; 0: those that end among the head's versions.</param>
public sealed record OpenMergeInput(
    string Machine, string Job, int Round, long Epoch, int Above = 0, int UpTo = 0);
