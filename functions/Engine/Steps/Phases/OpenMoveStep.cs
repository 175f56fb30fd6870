using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Bases;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>OpenMove</c>: finds the deltas between the bases and a version, and lists an operation that
/// moves the bases over the first 16 versions of them, with every delta it may create.
/// </summary>
public sealed class OpenMoveStep(StepServices services)
    : Step<OpenMoveInput, MoveTicket>(PhaseNames.OpenMove)
{
    private const int MostRanges = 64;

    /// <inheritdoc/>
    public override async Task<MoveTicket> RunAsync(
        OpenMoveInput input, CancellationToken cancellation)
    {
        MoveTicket? ticket = null;
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                ticket = await OpenAsync(edit, input, cancellation);
            },
            cancellation);
        return ticket!;
    }

    private async Task<MoveTicket> OpenAsync(
        ManifestEdit edit, OpenMoveInput input, CancellationToken cancellation)
    {
        var job = $"{input.Job}#{input.Hop}";
        var known = edit.Head.Operations.FirstOrDefault(
            o => string.Equals(o.Job, job, StringComparison.Ordinal));
        if (known is not null) return TicketOf(known, input.Target);
        var manifest = edit.Before;
        var forwards = await EdgesAsync(
            manifest, Math.Max(1, manifest.Head.ForwardsFrom), manifest.NewestNumber,
            e => e.ForwardOperation != 0, cancellation);
        var target = await TargetAsync(manifest, input.Target, forwards, edit.Now, cancellation);
        if (target == 0)
        {
            // The rule leaves the base where it is: right before the first forward incremental.
            return new MoveTicket(0, Math.Max(0, manifest.Head.ForwardsFrom - 1), []);
        }
        var ahead = forwards.Where(f => f.Version.Number <= target).ToList();
        if (ahead.Count > 0)
            return TicketOf(List(edit, job, OperationKinds.Forwards, ahead), target);
        var behind = await EdgesAsync(
            manifest, target + 1, manifest.NewestNumber, e => e.ReverseOperation != 0,
            cancellation);
        if (behind.Count > 0)
            return TicketOf(List(edit, job, OperationKinds.Backwards, behind), target);
        var from = target + 1;
        if (manifest.Head.ForwardsFrom != from) edit.SetForwardsFrom(from);
        return new MoveTicket(0, target, []);
    }

    private static async Task<int> TargetAsync(
        Manifest manifest, int named, List<MoveEdges> forwards, DateTimeOffset now,
        CancellationToken cancellation)
    {
        if (named == 0)
        {
            var state = await BaseRuleReading.StateAsync(
                manifest, [.. forwards.Select(f => f.Version).DistinctBy(v => v.Number)], now,
                cancellation);
            return BaseRules.Of(manifest.Head.Policy.Base).Choose(state);
        }
        var found = await manifest.FindVersionAsync(named, cancellation);
        return found is { State: VersionState.Ready }
            ? named
            : throw new NoSuchException(
                $"version {named} of '{manifest.Machine}'",
                $"The newest is {manifest.NewestNumber}.");
    }

    /// <summary>The edges of some kind in a span of versions, by version and disk, ascending.</summary>
    private static async Task<List<MoveEdges>> EdgesAsync(
        Manifest manifest, int from, int to, Func<ShardEdge, bool> isWanted,
        CancellationToken cancellation)
    {
        var found = new List<MoveEdges>();
        if (to < from) return found;
        await foreach (var version in manifest.VersionsAsync(from, to, cancellation))
        {
            foreach (var disk in version.Disks)
            {
                var edges = await manifest.EdgesAsync(disk, cancellation);
                var wanted = edges.Where(isWanted).ToList();
                if (wanted.Count > 0) found.Add(new MoveEdges(version, disk.Name, wanted));
            }
        }
        return found;
    }

    private OperationRecord List(
        ManifestEdit edit, string job, string kind, List<MoveEdges> edges)
    {
        var isForwards = string.Equals(kind, OperationKinds.Forwards, StringComparison.Ordinal);
        var versions = edges.Select(e => e.Version.Number).Distinct().Order().ToList();
        var most = Math.Min(versions.Count, services.Options.MostPatchVersions);
        var window = isForwards ? versions[..most] : versions[^most..];
        var within = edges
            .Where(e => e.Version.Number >= window[0] && e.Version.Number <= window[^1])
            .ToList();
        return edit.IssueOperation(number => new OperationRecord
        {
            Number = number,
            Kind = kind,
            Started = edit.Now,
            Job = job,
            Target = isForwards ? window[^1] : window[0] - 1,
            Creates = [.. within.SelectMany(e => SetsOf(e, isForwards, number))],
            Bases =
            [
                .. within.GroupBy(e => e.Disk, StringComparer.Ordinal).Select(g => new BaseSet(
                    g.Key,
                    ShardRanges.Of(g.SelectMany(e => e.Edges).Select(e => e.Shard).Distinct().Order())
                        .Coarsened(MostRanges))),
            ],
        });
    }

    /// <summary>The deltas that moving over these edges creates: those the other way.</summary>
    private static IEnumerable<DeltaSet> SetsOf(MoveEdges edges, bool isForwards, long number) =>
        edges.Edges.GroupBy(e => e.Previous).Select(g => new DeltaSet(
            edges.Disk,
            isForwards ? edges.Version.Number : g.Key,
            isForwards ? g.Key : edges.Version.Number,
            number,
            ShardRanges.Of(g.Select(e => e.Shard)).Coarsened(MostRanges)));

    private static MoveTicket TicketOf(OperationRecord operation, int target) => new(
        operation.Number, target == 0 ? operation.Target : target,
        [.. operation.Bases.Select(b => new DiskShards(b.Disk, b.Shards.ToString()))]);

    private sealed record MoveEdges(VersionRecord Version, string Disk, List<ShardEdge> Edges);
}
