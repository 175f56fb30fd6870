namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>A base that shall move.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job.</param>
/// <param name="Hop">Which operation of the job it is, from 0: each is opened once.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Target">The version it shall stand at; 0 lets the rule choose.</param>
public sealed record OpenMoveInput(string Machine, string Job, int Hop, long Epoch, int Target);
