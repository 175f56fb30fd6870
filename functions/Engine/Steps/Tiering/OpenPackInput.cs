namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>A look for deltas that are to be copied into packs.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job.</param>
/// <param name="Round">Which operation of the job it is, from 0: each is opened once.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="From">Where the look goes on.</param>
public sealed record OpenPackInput(
    string Machine, string Job, int Round, long Epoch, TierCursor From);
