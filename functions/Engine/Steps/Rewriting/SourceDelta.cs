using System.Numerics;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Rewriting;

/// <summary>What stays in memory of a delta that is composed: its index is looked at once.</summary>
internal sealed record SourceDelta(
    DeltaPlace Place, Hash256 EdgeNode, Hash256 FromNode, Hash256 ToNode, long DataBytes,
    Hash256 DataHash)
{
    public DeltaKey Key => Place.Key;

    public static SourceDelta Of(DeltaIndex index, Hash256 edgeNode) => new(
        index.Place, edgeNode, index.FromNode, index.ToNode, index.DataBytes, index.DataHash);

    /// <summary>Bytes in the sectors that a delta changes.</summary>
    public static long ChangedBytes(DeltaIndex index, Layout layout)
    {
        var bytes = index.ZeroRuns.Sum(r => (long)r.Count) * layout.BlockBytes;
        foreach (ref readonly var entry in index.Entries.AsSpan())
            bytes += BitOperations.PopCount(entry.Changed) * (long)layout.SectorBytes;
        return bytes;
    }
}
