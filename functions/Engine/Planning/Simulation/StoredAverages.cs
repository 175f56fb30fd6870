using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Simulation;

/// <summary>How much a machine stores, judged by what it stores now.</summary>
/// <param name="BaseBytes">Bytes of all bases.</param>
/// <param name="DeltaBytes">Bytes of the usual version's deltas.</param>
public sealed record StoredAverages(long BaseBytes, long DeltaBytes)
{
    /// <summary>
    /// Lists the bases; of the deltas, the bytes of the sectors that the newest versions changed are
    /// averaged, before compression: it is never more. The cost does not grow with the history.
    /// </summary>
    public static async Task<StoredAverages> OfAsync(
        Manifest manifest, IObjectStore baseStore, CancellationToken cancellation)
    {
        var bases = 0L;
        await foreach (var found in baseStore.ListAsync(
            $"{ObjectNames.Machine(manifest.Machine)}disks/", cancellation))
            if (ObjectNames.TryParseBase(found.Name, out _)) bases += found.LengthBytes;
        // A first version is no change against another one.
        var changed = manifest.Head.Versions
            .Where(v => v.State == VersionState.Ready && v.Number > 1)
            .Select(v => v.Disks.Sum(d => d.ChangedBytes)).ToList();
        return new StoredAverages(bases, changed.Count == 0 ? 0 : (long)changed.Average());
    }
}
