namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary>A clone to make.</summary>
/// <param name="Machine">The machine it begins from.</param>
/// <param name="Version">That machine's version; null for the newest.</param>
/// <param name="Name">The clone's name.</param>
public sealed record CloneInput(string Machine, int? Version, string Name);
