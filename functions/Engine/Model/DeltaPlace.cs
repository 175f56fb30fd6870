namespace SnapshotFunctions.Engine.Model;

/// <summary>Which delta it is, and where the frames of it lie.</summary>
/// <param name="Key">The delta.</param>
/// <param name="Pack">
/// The number of the pack of the delta's operation that holds them; 0: they are the delta's own.
/// </param>
/// <param name="Offset">Where they begin in it; 0 in an object of their own.</param>
public readonly record struct DeltaPlace(DeltaKey Key, int Pack = 0, long Offset = 0)
{
    /// <summary>The most packs of one operation: what a pack's name has digits for.</summary>
    public const int MostPacks = 9999;

    /// <summary>Whether the pair of numbers is one that a writer makes.</summary>
    public bool IsSound => Pack == 0 ? Offset == 0 : Pack is > 0 and <= MostPacks && Offset > 0;

    /// <summary>The object that holds the frames of a shard's delta.</summary>
    public string DataName(ShardKey shard) => Pack == 0
        ? ObjectNames.DeltaData(shard, Key)
        : ObjectNames.Pack(shard.Machine, Key.Operation, Pack);
}
