using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>CloseIngest</c>: lists the version and takes the operation out of the manifest, as one
/// compare-and-swap. From then on the version is acknowledged.
/// </summary>
public sealed class CloseIngestStep(StepServices services)
    : Step<CloseIngestInput, ClosedIngest>(PhaseNames.CloseIngest)
{
    /// <inheritdoc/>
    public override async Task<ClosedIngest> RunAsync(
        CloseIngestInput input, CancellationToken cancellation)
    {
        var ticket = input.Ticket;
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        var done = await manifest.FindVersionAsync(ticket.Version, cancellation);
        if (done is not null)
            return new ClosedIngest(
                done.Number, done.Fingerprint, done.Disks.Sum(d => d.ChangedBytes), 0);
        var outcomes = await RecordChunkStep.LoadAsync(
            services, input.Machine, ticket.Operation, input.Chunks, cancellation);
        ClosedIngest? closed = null;
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                if (edit.FindOperation(ticket.Operation) is null)
                    throw new SupersededException(
                        ticket.Operation, edit.Head.NextOperation - 1,
                        ObjectNames.Head(input.Machine));
                closed = await CloseAsync(edit, input, outcomes, cancellation);
            },
            cancellation);
        return closed!;
    }

    private static async Task<ClosedIngest> CloseAsync(
        ManifestEdit edit, CloseIngestInput input,
        List<(string Disk, ShardOutcome Outcome)> outcomes, CancellationToken cancellation)
    {
        var ticket = input.Ticket;
        var disks = new List<VersionDisk>();
        var records = new List<DiskRecord>();
        foreach (var disk in ticket.Disks.OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            var changed = outcomes
                .Where(o => o.Outcome.Changed
                    && string.Equals(o.Disk, disk.Name, StringComparison.Ordinal))
                .Select(o => o.Outcome)
                .OrderBy(o => o.Shard)
                .ToList();
            var (version, record) = await ComposeAsync(edit, ticket, disk, changed, cancellation);
            disks.Add(version);
            records.Add(record);
        }
        var fingerprint = Fingerprints.Version(
            disks.Select(d => KeyValuePair.Create(d.Name, d.Node)));
        edit.AddVersion(new VersionRecord
        {
            Number = ticket.Version,
            State = VersionState.Ready,
            Time = ticket.Card.Time,
            Label = ticket.Card.Label,
            Snapshot = ticket.Card.Snapshot,
            Parent = ticket.Card.Parent,
            Operation = ticket.Operation,
            Fingerprint = fingerprint,
            Disks = disks,
            Files = FilesOf(edit, ticket.Operation),
        });
        edit.SetDisks(records);
        if (ticket.Newest == 0)
            edit.SetForwardsFrom(ticket.Version + (edit.Head.Origin is null ? 1 : 0));
        edit.CloseOperation(ticket.Operation);
        edit.Retire(
            ticket.Operation, [],
            RecordChunkStep.Names(input.Machine, ticket.Operation, input.Chunks));
        return new ClosedIngest(
            ticket.Version, fingerprint, disks.Sum(d => d.ChangedBytes),
            outcomes.Sum(o => o.Outcome.StoredBytes));
    }

    private static IReadOnlyList<VersionFile>? FilesOf(ManifestEdit edit, long operation) =>
        edit.FindOperation(operation)!.Files is { } files
            ? [.. files.OrderBy(f => f.Name, StringComparer.Ordinal)]
            : null;

    private static async Task<(VersionDisk Version, DiskRecord Record)> ComposeAsync(
        ManifestEdit edit, IngestTicket ticket, TicketDisk disk, List<ShardOutcome> changed,
        CancellationToken cancellation)
    {
        var nodes = new SortedDictionary<int, Hash256>();
        var old = edit.Before.Head.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk.Name, StringComparison.Ordinal));
        if (old is not null)
            foreach (var node in await edit.Before.NodesAsync(old, cancellation))
                nodes[node.Shard] = node.Node;
        foreach (var outcome in changed)
        {
            if (outcome.Node.IsZero) nodes.Remove(outcome.Shard);
            else nodes[outcome.Shard] = outcome.Node;
        }
        var isFirst = ticket.Newest == 0;
        var forward = isFirst && edit.Head.Origin is null ? 0 : ticket.Operation;
        var edges = changed.ConvertAll(
            o => new ShardEdge(o.Shard, ticket.Newest, forward, 0, o.Node));
        // The oldest version names every shard that holds something.
        if (isFirst)
            edges.AddRange(nodes.Where(n => !edges.Exists(e => e.Shard == n.Key))
                .Select(n => new ShardEdge(n.Key, 0, 0, 0, n.Value)).ToList());
        edges.Sort((a, b) => a.Shard.CompareTo(b.Shard));
        var version = new VersionDisk
        {
            Name = disk.Name,
            SizeBytes = disk.SizeBytes,
            Node = Fingerprints.Disk(nodes),
            Format = disk.Format,
            Source = disk.FileName,
            ParentHint = disk.ParentHint,
            ImageId = disk.ImageId,
            ChangedBytes = changed.Sum(o => o.ChangedBytes),
            Edges = await edit.SaveTableAsync(edges, cancellation),
        };
        List<ShardNode> table = [.. nodes.Select(n => new ShardNode(n.Key, n.Value))];
        return (version, new DiskRecord(
            disk.Name, disk.SizeBytes, await edit.SaveTableAsync(table, cancellation)));
    }
}
