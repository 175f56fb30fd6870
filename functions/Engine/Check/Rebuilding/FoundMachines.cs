namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>The machines that names in either placement tell of.</summary>
/// <param name="Machines">Some of them, in ordinal order.</param>
/// <param name="More">Whether there are more after the last.</param>
public sealed record FoundMachines(IReadOnlyList<string> Machines, bool More);
