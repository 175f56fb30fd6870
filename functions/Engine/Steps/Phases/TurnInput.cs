namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Who wants a machine's turn.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job.</param>
/// <param name="Create">Whether a machine that is not there is made.</param>
public sealed record TurnInput(string Machine, string Job, bool Create);
