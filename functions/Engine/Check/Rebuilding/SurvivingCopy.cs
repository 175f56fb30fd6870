using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>The newest copy of a head whose pages and tables all lie in storage.</summary>
/// <param name="Head">The head as it was copied.</param>
/// <param name="Versions">All its versions, ascending.</param>
/// <param name="Edges">The edges of each version's disks.</param>
/// <param name="Packs">The packs it lists.</param>
internal sealed record SurvivingCopy(
    ManifestHead Head, IReadOnlyList<VersionRecord> Versions,
    IReadOnlyDictionary<(int Version, string Disk), IReadOnlyList<ShardEdge>> Edges,
    IReadOnlyList<PackRecord> Packs)
{
    /// <summary>Finds it; null when there is none.</summary>
    public static async Task<SurvivingCopy?> FindAsync(
        StepServices services, string machine, Inventory inventory,
        CancellationToken cancellation)
    {
        var heads = new List<(ManifestHead Head, string ETag)>();
        foreach (var (store, name) in inventory.Copies)
        {
            try
            {
                var (bytes, properties) = await store.ReadWholeAsync(
                    name, ManifestCodec.MaxHeadBytes, cancellation);
                var head = ManifestCodec.ReadHead(bytes, properties, machine);
                // A late worker of a machine that was deleted may have brought a copy of it back.
                if ((head.FirstOperation ?? 1) >= inventory.FirstOperation)
                    heads.Add((head, properties.ETag));
            }
            catch (SnapshotException error) when (error is not StoreBusyException)
            {
                inventory.Notes.Add($"A copy of the head is of no use: {error.Message}");
            }
        }
        foreach (var (head, etag) in heads.OrderByDescending(h => h.Head.Revision))
        {
            try
            {
                return await LoadAsync(services, head, etag, cancellation);
            }
            catch (SnapshotException error) when (error is not StoreBusyException)
            {
                // An older copy's pages may be swept already: an even older one may still serve.
                inventory.Notes.Add(
                    $"The copy of revision {head.Revision} is of no use: {error.Message}");
            }
        }
        return null;
    }

    private static async Task<SurvivingCopy> LoadAsync(
        StepServices services, ManifestHead head, string etag, CancellationToken cancellation)
    {
        var manifest = new Manifest(head, etag, new ManifestReader(services.BaseStore));
        var versions = new List<VersionRecord>();
        var edges = new Dictionary<(int, string), IReadOnlyList<ShardEdge>>();
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
        {
            versions.Add(version);
            foreach (var disk in version.Disks)
                edges[(version.Number, disk.Name)] = await manifest.EdgesAsync(disk, cancellation);
        }
        var packs = new List<PackRecord>();
        await foreach (var pack in manifest.AllPacksAsync(cancellation)) packs.Add(pack);
        return new SurvivingCopy(head, versions, edges, packs);
    }
}
