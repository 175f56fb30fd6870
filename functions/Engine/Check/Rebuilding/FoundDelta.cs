using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>What a delta's index in storage says, without its entries.</summary>
internal sealed record FoundDelta(
    DeltaKey Key, Hash256 FromNode, Hash256 ToNode, long FromDiskBytes, long ToDiskBytes,
    VersionCard Card, long ChangedBytes, int Pack = 0)
{
    public int Low => Math.Min(Key.From, Key.To);

    public static FoundDelta Of(DeltaIndex index)
    {
        var layout = index.Header.Layout;
        var bytes = index.Entries.Sum(
                e => (long)System.Numerics.BitOperations.PopCount(e.Changed) * layout.SectorBytes)
            + index.ZeroRuns.Sum(r => (long)r.Count * layout.BlockBytes);
        return new FoundDelta(
            index.Key, index.FromNode, index.ToNode, index.FromDiskBytes, index.ToDiskBytes,
            index.Card, bytes, index.Pack);
    }
}
