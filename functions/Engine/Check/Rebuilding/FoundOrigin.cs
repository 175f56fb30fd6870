using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>What a machine began from, as its note or a copy of its head tells.</summary>
/// <param name="Origin">The version of the other machine.</param>
/// <param name="Nodes">The nodes of the shards there.</param>
/// <param name="First">The version that the clone began with; null for none, or unknown.</param>
/// <param name="IsNeeded">Whether a block is left to it; not once the clone was flattened.</param>
internal sealed record FoundOrigin(
    OriginRecord Origin, IReadOnlyDictionary<(string Disk, int Shard), Hash256> Nodes,
    VersionRecord? First, bool IsNeeded)
{
    /// <summary>Finds it and tells the shards of it; null where the machine is no clone.</summary>
    public static async Task<FoundOrigin?> FindAsync(
        StepServices services, string machine, Inventory inventory, SurvivingCopy? copy,
        CancellationToken cancellation)
    {
        // A machine is a clone from its beginning or never: a copy without an origin settles it.
        if (copy is { Head.Origin: null }) return null;
        var note = await NoteAsync(machine, inventory, cancellation);
        var origin = copy?.Head.Origin ?? note?.Origin;
        if (origin is null) return null;
        var nodes = note is null
            ? await LookedUpAsync(services, origin, inventory, copy!, cancellation)
            : NodesOf(note);
        if (note is not null) inventory.Learn(note.Layout);
        if ((copy?.Head.Layout ?? inventory.Layout) is not { } layout) return null;
        foreach (var ((disk, shard), node) in nodes)
            inventory.Of(new ShardKey(machine, disk, shard)).OriginNode = node;
        return new FoundOrigin(
            origin, nodes, copy is null ? note?.First : null,
            await IsNeededAsync(services, inventory, nodes, layout, cancellation));
    }

    /// <summary>The newest note that can be read.</summary>
    private static async Task<OriginNote?> NoteAsync(
        string machine, Inventory inventory, CancellationToken cancellation)
    {
        var found = new List<OriginNote>();
        foreach (var (store, name) in inventory.Origins)
        {
            try
            {
                found.Add(await OriginNote.ReadAsync(store, name, machine, cancellation));
            }
            catch (SnapshotException error) when (error is not StoreBusyException)
            {
                inventory.Notes.Add($"A note of the origin is of no use: {error.Message}");
            }
        }
        return found.Where(n => n.Operation >= inventory.FirstOperation)
            .MaxBy(n => n.Operation);
    }

    private static Dictionary<(string, int), Hash256> NodesOf(OriginNote note)
    {
        var name = ObjectNames.Origin(note.Machine, note.Operation);
        return note.Disks
            .SelectMany(d => d.Unpack(name).Select(n => (d.Name, n)))
            .ToDictionary(n => (n.Name, n.n.Shard), n => n.n.Node);
    }

    /// <summary>
    /// Without a note: the nodes as the origin's own manifest tells them, else those that the copy
    /// has at its oldest version.
    /// </summary>
    private static async Task<Dictionary<(string, int), Hash256>> LookedUpAsync(
        StepServices services, OriginRecord record, Inventory inventory, SurvivingCopy copy,
        CancellationToken cancellation)
    {
        var nodes = new Dictionary<(string, int), Hash256>();
        try
        {
            var origin = await services.Manifests.LoadAsync(record.Machine, cancellation);
            var version = await origin.FindVersionAsync(record.Version, cancellation);
            foreach (var disk in record.Disks)
            {
                var there = version?.Disks.FirstOrDefault(d => string.Equals(
                    d.Name, disk.OriginName, StringComparison.Ordinal))
                    ?? throw new NoSuchException($"disk '{disk.OriginName}' of it", string.Empty);
                foreach (var node in await VersionNodes.AtAsync(
                    origin, version!, there, cancellation))
                    nodes[(disk.Name, node.Shard)] = node.Node;
            }
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            inventory.Notes.Add($"The origin's shards are told by a copy: {error.Message}");
            foreach (var ((_, disk), edges) in copy.Edges)
                foreach (var edge in edges)
                    if (edge is { Previous: 0, ForwardOperation: 0, ReverseOperation: 0 })
                        nodes[(disk, edge.Shard)] = edge.Node;
        }
        return nodes;
    }

    private static async Task<bool> IsNeededAsync(
        StepServices services, Inventory inventory,
        IReadOnlyDictionary<(string Disk, int Shard), Hash256> nodes, Layout layout,
        CancellationToken cancellation)
    {
        foreach (var (key, node) in nodes)
        {
            if (node.IsZero) continue;
            var shard = inventory.Shards[key];
            if (shard.Footer is null or { Version: 0 }
                || await SharesAsync(services, shard.Key, layout, cancellation)) return true;
        }
        return false;
    }

    /// <summary>Whether a base leaves a block to the origin; what cannot be read may.</summary>
    private static async Task<bool> SharesAsync(
        StepServices services, ShardKey shard, Layout layout, CancellationToken cancellation)
    {
        try
        {
            var image = await BaseImage.OpenAsync(
                services.BaseStore, shard,
                ManifestHead.New(
                    shard.Machine, DateTimeOffset.UnixEpoch, layout, MachinePolicy.Default),
                cancellation);
            await image.LoadAllPagesAsync(cancellation);
            return image.Footer.Pages.Any(
                p => image.Page(p.Number).Entries.Any(e => e.IsOrigin));
        }
        catch (CorruptObjectException)
        {
            return true;
        }
    }
}
