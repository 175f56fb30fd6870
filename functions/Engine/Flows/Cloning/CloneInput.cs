namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary>A clone to make.</summary>
/// <param name="Machine">The machine it begins from.</param>
/// <param name="Version">That machine's version; null for the newest.</param>
/// <param name="Name">The clone's name.</param>
/// <param name="Owner">
/// Whose clone it is: one that was made for the same owner is answered and not made again. Null:
/// this job's alone.
/// </param>
public sealed record CloneInput(
    string Machine, int? Version, string Name, string? Owner = null);
