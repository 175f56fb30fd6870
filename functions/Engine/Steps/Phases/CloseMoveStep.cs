using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>CloseMove</c>: lists, for each shard that was moved, the deltas the other way in place of
/// those it was moved over, retires the latter, and takes the operation out of the manifest.
/// </summary>
public sealed class CloseMoveStep(StepServices services)
    : Step<CloseMoveInput, bool>(PhaseNames.CloseMove)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        CloseMoveInput input, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        if (manifest.Head.Operations.All(o => o.Number != input.Operation)) return true;
        var outcomes = await RecordChunkStep.LoadAsync(
            services, input.Machine, input.Fence != 0 ? input.Fence : input.Operation,
            input.Chunks, cancellation);
        var reached = new Dictionary<(string, int), int>();
        foreach (var (disk, outcome) in outcomes)
            if (outcome.Changed) reached[(disk, outcome.Shard)] = outcome.Version;
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                if (edit.FindOperation(input.Operation) is { } operation)
                    await CloseAsync(edit, input, operation, reached, cancellation);
            },
            cancellation);
        return true;
    }

    private static async Task CloseAsync(
        ManifestEdit edit, CloseMoveInput input, OperationRecord operation,
        Dictionary<(string Disk, int Shard), int> reached, CancellationToken cancellation)
    {
        var isForwards = string.Equals(
            operation.Kind, OperationKinds.Forwards, StringComparison.Ordinal);
        var retired = new List<DeltaSet>();
        var versions = operation.Creates
            .Select(c => Math.Max(c.From, c.To)).Distinct().Order().ToList();
        foreach (var number in versions)
        {
            var version = await edit.FindVersionAsync(number, cancellation);
            if (version is null) continue;
            var disks = new List<VersionDisk>();
            foreach (var disk in version.Disks)
                disks.Add(await FlipAsync(
                    edit, version, disk, operation, isForwards, reached, retired, cancellation));
            await edit.ReplaceVersionAsync(version with { Disks = disks }, cancellation);
        }
        var names = new List<string>();
        if (!isForwards && versions.Count > 0)
            await DropMergedAsync(edit, versions[0], names, cancellation);
        if (!isForwards && versions.Count > 0 && edit.Head.ForwardsFrom > versions[0])
            edit.SetForwardsFrom(versions[0]);
        if (input.Fence == 0)
        {
            names.AddRange(RecordChunkStep.Names(input.Machine, input.Operation, input.Chunks));
        }
        else
        {
            retired.AddRange(NotMoved(operation, reached));
            var fences = edit.Head.Operations
                .Where(o => o.Fences == operation.Number).Select(o => o.Number).ToList();
            foreach (var fence in fences) edit.CloseOperation(fence);
            names.AddRange(RecordChunkStep.All(input.Machine, [operation.Number, .. fences]));
        }
        edit.CloseOperation(input.Operation);
        edit.Retire(input.Operation, retired, names);
    }

    private static async Task<VersionDisk> FlipAsync(
        ManifestEdit edit, VersionRecord version, VersionDisk disk, OperationRecord operation,
        bool isForwards, Dictionary<(string Disk, int Shard), int> reached,
        List<DeltaSet> retired, CancellationToken cancellation)
    {
        var edges = await edit.Before.EdgesAsync(disk, cancellation);
        var flipped = new List<ShardEdge>(edges.Count);
        var gone = new List<(DeltaKey Key, int Shard)>();
        foreach (var edge in edges)
        {
            var old = isForwards ? edge.ForwardOperation : edge.ReverseOperation;
            var isMoved = old != 0 && reached.TryGetValue((disk.Name, edge.Shard), out var at)
                && (isForwards ? version.Number <= at : version.Number > at);
            if (!isMoved)
            {
                flipped.Add(edge);
                continue;
            }
            flipped.Add(edge with
            {
                ForwardOperation = isForwards ? 0 : operation.Number,
                // Below the oldest version of a clone lies its origin: nothing leads there.
                ReverseOperation = isForwards && edge.Previous != 0 ? operation.Number : 0,
            });
            gone.Add((
                isForwards
                    ? new DeltaKey(edge.Previous, version.Number, old)
                    : new DeltaKey(version.Number, edge.Previous, old),
                edge.Shard));
        }
        if (gone.Count == 0) return disk;
        retired.AddRange(gone.GroupBy(g => g.Key).Select(g => new DeltaSet(
            disk.Name, g.Key.From, g.Key.To, g.Key.Operation,
            ShardRanges.Of(g.Select(x => x.Shard)))));
        return disk with { Edges = await edit.SaveTableAsync(flipped, cancellation) };
    }

    /// <summary>Merged indexes over deltas that are reverse no more are of no use.</summary>
    private static async Task DropMergedAsync(
        ManifestEdit edit, int lowest, List<string> names, CancellationToken cancellation)
    {
        foreach (var merged in await edit.Before.AllMergedAsync(lowest, cancellation))
        {
            if (!await edit.RemoveMergedAsync(merged, cancellation)) continue;
            names.AddRange(merged.Names(edit.Head.Machine));
        }
    }

    /// <summary>What the operation may have written for shards that it did not move.</summary>
    private static IEnumerable<DeltaSet> NotMoved(
        OperationRecord operation, Dictionary<(string Disk, int Shard), int> reached)
    {
        foreach (var set in operation.Creates)
        {
            var rest = set.Shards.Where(s => !reached.ContainsKey((set.Disk, s))).ToList();
            if (rest.Count > 0) yield return set with { Shards = ShardRanges.Of(rest) };
        }
    }
}
