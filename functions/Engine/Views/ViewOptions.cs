namespace SnapshotFunctions.Engine.Views;

/// <summary>How much a view keeps and how far it goes on trying.</summary>
/// <param name="MostShards">Resolved shards kept at once.</param>
/// <param name="MostAttempts">How often a read begins anew after it was overtaken.</param>
/// <param name="WindowBlocks">Blocks read together.</param>
public sealed record ViewOptions(int MostShards = 8, int MostAttempts = 12, int WindowBlocks = 64);
