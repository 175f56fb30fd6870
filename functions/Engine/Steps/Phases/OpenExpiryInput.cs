namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An operation of an expiry to be opened.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job.</param>
/// <param name="Hop">Which operation of the job it is, from 0: each is opened once.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Versions">The versions that are still to be looked at, ascending.</param>
public sealed record OpenExpiryInput(
    string Machine, string Job, int Hop, long Epoch, IReadOnlyList<int> Versions);
