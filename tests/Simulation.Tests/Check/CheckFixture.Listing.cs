using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Ingestion;

namespace SnapshotFunctions.SimulationTests.Check;

/// <content>What the phases of a flow list.</content>
internal sealed partial class CheckFixture
{
    private static async ValueTask ListAsync(
        ManifestEdit edit, int number, int newest, long operation,
        List<ShardOutcome> outcomes)
    {
        var before = edit.Head.Disks.Count == 0
            ? [] : await edit.Before.NodesAsync(edit.Head.Disks[0]);
        var nodes = before.ToDictionary(n => n.Shard, n => n.Node);
        var edges = new List<ShardEdge>();
        foreach (var outcome in outcomes.Where(o => o.Changed))
        {
            nodes[outcome.Shard] = outcome.Node;
            edges.Add(new ShardEdge(
                outcome.Shard, newest, newest == 0 ? 0 : operation, 0, outcome.Node));
        }
        var node = Fingerprints.Disk(nodes.OrderBy(n => n.Key));
        var card = CardOf(number);
        edit.AddVersion(new VersionRecord
        {
            Number = number, State = VersionState.Ready, Time = card.Time, Label = card.Label,
            Snapshot = card.Snapshot, Operation = operation,
            Fingerprint = Fingerprints.Version([KeyValuePair.Create(Disk, node)]),
            Disks =
            [
                new VersionDisk
                {
                    Name = Disk, SizeBytes = DiskBytes, Node = node, Format = "raw",
                    ChangedBytes = outcomes.Sum(o => o.ChangedBytes),
                    Edges = await edit.SaveTableAsync(edges),
                },
            ],
        });
        edit.SetDisks([new DiskRecord(Disk, DiskBytes, await edit.SaveTableAsync(
            [.. nodes.Where(n => !n.Value.IsZero).OrderBy(n => n.Key)
                .Select(n => new ShardNode(n.Key, n.Value))]))]);
        edit.CloseOperation(operation);
    }

    private static async ValueTask CloseAsync(
        ManifestEdit edit, long operation,
        List<(int Shard, List<(int Version, ShardEdge Edge)> Edges)> work)
    {
        var retired = new List<DeltaSet>();
        foreach (var moved in work.SelectMany(w => w.Edges).GroupBy(e => e.Version))
        {
            var version = (await edit.FindVersionAsync(moved.Key))!;
            var edges = (await edit.Before.EdgesAsync(version.Disks[0])).ToArray();
            foreach (var (_, edge) in moved)
            {
                var at = Array.FindIndex(edges, e => e.Shard == edge.Shard);
                edges[at] = edge with { ForwardOperation = 0, ReverseOperation = operation };
                retired.Add(new DeltaSet(
                    Disk, edge.Previous, moved.Key, edge.ForwardOperation,
                    ShardRanges.Range(edge.Shard, edge.Shard)));
            }
            await edit.ReplaceVersionAsync(version with
            {
                Disks = [version.Disks[0] with { Edges = await edit.SaveTableAsync(edges) }],
            });
        }
        edit.Retire(operation, retired);
        edit.CloseOperation(operation);
    }
}
