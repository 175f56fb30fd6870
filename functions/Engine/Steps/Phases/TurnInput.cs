namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Who wants a machine's turn.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job.</param>
/// <param name="Create">Whether a machine that is not there is made.</param>
/// <param name="After">
/// The epoch that the turn must follow; null takes nothing and tells the epoch. A step that comes
/// late so finds that its turn has been, and cannot take one for a job that has ended.
/// </param>
/// <param name="Purges">
/// Whether it is taken to delete the machine; null otherwise, as jobs under way have recorded it.
/// </param>
/// <param name="Gone">
/// What was last deleted of this name, as an earlier look told: the machine is made only while that
/// is still so. Null makes nothing and tells it. A step that comes late, when the machine that its
/// job made was deleted since, so makes no empty one.
/// </param>
public sealed record TurnInput(
    string Machine, string Job, bool Create, long? After = null, bool? Purges = null,
    string? Gone = null);
