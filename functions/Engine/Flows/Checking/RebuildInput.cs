namespace SnapshotFunctions.Engine.Flows.Checking;

/// <summary>A catalog to rebuild.</summary>
/// <param name="Machine">The machine; null for all that names in storage tell of.</param>
/// <param name="Force">Whether heads that can be read are made anew too.</param>
public sealed record RebuildInput(string? Machine = null, bool Force = false);
