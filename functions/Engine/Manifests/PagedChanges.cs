namespace SnapshotFunctions.Engine.Manifests;

/// <summary>What a change does to what lies on pages.</summary>
/// <param name="Versions">What replaces a version; null: it is taken out.</param>
/// <param name="MergedOff">Merged indexes that are taken out.</param>
/// <param name="Packs">What replaces a pack's record; null: it is taken out.</param>
internal sealed record PagedChanges(
    SortedDictionary<int, VersionRecord?> Versions, HashSet<MergedRecord> MergedOff,
    Dictionary<(long Operation, int Number), PackRecord?> Packs);
