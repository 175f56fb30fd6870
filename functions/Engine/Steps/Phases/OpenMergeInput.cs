namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>A look for groups of reverse incrementals that have no merged index yet.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job.</param>
/// <param name="Round">Which operation of the job it is, from 0: each is opened once.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="From">
/// Groups that end below this version are not looked for; 0: below those of the head.
/// </param>
public sealed record OpenMergeInput(
    string Machine, string Job, int Round, long Epoch, int From = 0);
