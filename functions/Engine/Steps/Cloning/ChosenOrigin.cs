namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>What a new machine's first images are most like.</summary>
/// <param name="Machine">The machine; null: none was like enough.</param>
/// <param name="Version">Its version.</param>
/// <param name="DiskNames">What the new machine calls the disks, by that machine's names.</param>
/// <param name="Names">The names of the new machine's disks, in the order of the images.</param>
/// <param name="SampledBlocks">Blocks of the images that were compared and are not zero.</param>
/// <param name="SameBlocks">Of them, those that are the same at the same place.</param>
/// <param name="SameBytes">About how many bytes of the images that stands for.</param>
public sealed record ChosenOrigin(
    string? Machine, int Version, IReadOnlyDictionary<string, string> DiskNames,
    IReadOnlyList<string> Names, int SampledBlocks, int SameBlocks,
    long SameBytes = 0);
