using System.Collections.Immutable;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.TestShared.Stores;

/// <summary>
/// What a simulated store was asked for, by kind and by the tier that Azure would bill it at: the
/// object's own, or the one it is written to (Hot for a staged block and for a listing).
/// </summary>
/// <param name="Tallies">The tallies; what never happened is not among them.</param>
public sealed record StoreCounters(
    ImmutableDictionary<(StoreOperationKind Kind, StorageTier Tier), StoreTally> Tallies)
{
    /// <summary>Nothing was asked yet.</summary>
    public static StoreCounters Zero { get; } =
        new(ImmutableDictionary<(StoreOperationKind, StorageTier), StoreTally>.Empty);

    /// <summary>All operations.</summary>
    public long Operations => Tallies.Values.Sum(tally => tally.Count);

    /// <summary>Bytes that reads returned.</summary>
    public long BytesRead => Bytes(StoreOperationKind.Read) + Bytes(StoreOperationKind.ReadWhole);

    /// <summary>Bytes that puts and staged blocks carried.</summary>
    public long BytesWritten => Bytes(StoreOperationKind.Put) + Bytes(StoreOperationKind.StageBlock);

    /// <summary>Operations of a kind, at every tier.</summary>
    public long Count(StoreOperationKind kind) => Of(kind).Sum(tally => tally.Count);

    /// <summary>Bytes of a kind, at every tier.</summary>
    public long Bytes(StoreOperationKind kind) => Of(kind).Sum(tally => tally.Bytes);

    /// <summary>What was done since an earlier snapshot of the same store.</summary>
    public StoreCounters Since(StoreCounters earlier) => new(Tallies
        .Select(pair => KeyValuePair.Create(pair.Key, Minus(pair.Value, earlier, pair.Key)))
        .Where(pair => pair.Value.Count != 0)
        .ToImmutableDictionary());

    internal StoreCounters Add(StoreOperationKind kind, StorageTier tier, long bytes)
    {
        var tally = Tallies.GetValueOrDefault((kind, tier));
        return new(Tallies.SetItem(
            (kind, tier), new StoreTally(tally.Count + 1, tally.Bytes + bytes)));
    }

    private static StoreTally Minus(
        StoreTally tally, StoreCounters earlier, (StoreOperationKind, StorageTier) key)
    {
        var before = earlier.Tallies.GetValueOrDefault(key);
        return new StoreTally(tally.Count - before.Count, tally.Bytes - before.Bytes);
    }

    private IEnumerable<StoreTally> Of(StoreOperationKind kind) =>
        Tallies.Where(pair => pair.Key.Kind == kind).Select(pair => pair.Value);
}
