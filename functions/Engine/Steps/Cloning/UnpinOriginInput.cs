namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>A pin that a clone may no longer need.</summary>
/// <param name="Machine">The machine with the pin.</param>
/// <param name="Name">The clone.</param>
/// <param name="Job">The job that has pinned it.</param>
public sealed record UnpinOriginInput(string Machine, string Name, string Job);
