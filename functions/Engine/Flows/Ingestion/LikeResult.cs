namespace SnapshotFunctions.Engine.Flows.Ingestion;

/// <summary>What a new machine was found to be like.</summary>
/// <param name="Machine">The machine that it rests on; null: none was like enough.</param>
/// <param name="Version">That machine's version, which is pinned now.</param>
/// <param name="SamePercent">
/// How many of a hundred sampled blocks that machine, or the next best, has at the same place.
/// </param>
/// <param name="SavedBytes">
/// About how many of the images' bytes are not stored again, before compression, by the sample.
/// </param>
public sealed record LikeResult(
    string? Machine, int Version, int SamePercent, long SavedBytes = 0);
