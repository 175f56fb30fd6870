namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>A version that a clone shall begin from.</summary>
/// <param name="Machine">Its machine.</param>
/// <param name="Version">The version; null for the newest.</param>
/// <param name="Name">The clone's name.</param>
/// <param name="Job">The job that makes it.</param>
/// <param name="DiskNames">What the clone calls the disks, by the origin's names; null: the same.</param>
public sealed record PinOriginInput(
    string Machine, int? Version, string Name, string Job,
    IReadOnlyDictionary<string, string>? DiskNames = null);
