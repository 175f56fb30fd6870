namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>What retention sees of a version.</summary>
/// <param name="Number">Its number; versions are in ascending order of it.</param>
/// <param name="Time">When the machine was in this state.</param>
public readonly record struct RetainedVersion(int Number, DateTimeOffset Time);
