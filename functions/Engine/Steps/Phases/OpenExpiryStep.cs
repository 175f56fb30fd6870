using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>OpenExpiry</c>: plans how the first of some versions leave the chain, and lists an operation
/// that does it, with every delta it may create. Data in the archive is not touched.
/// </summary>
public sealed class OpenExpiryStep(StepServices services)
    : Step<OpenExpiryInput, RewriteTicket>(PhaseNames.OpenExpiry)
{
    private const int MostSets = 32;
    private const int MostRanges = 8;
    private const int LookupsAtOnce = 16;

    /// <inheritdoc/>
    public override async Task<RewriteTicket> RunAsync(
        OpenExpiryInput input, CancellationToken cancellation)
    {
        // The turn keeps everybody else from moving or changing what the plan is made of.
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        var job = $"{input.Job}#{input.Hop}";
        var known = manifest.Head.Operations.FirstOrDefault(
            o => string.Equals(o.Job, job, StringComparison.Ordinal));
        var (plan, looked, bytes) = await PlanAsync(manifest, input.Versions, cancellation);
        var ticket = new RewriteTicket(0, [], looked, [], [], [], 0, 0, 0);
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                var hides = await NewlyHiddenAsync(edit, plan, cancellation);
                if (plan.Removed.Count == 0 && hides.Count == 0) return;
                var operation = known ?? edit.IssueOperation(number => new OperationRecord
                {
                    Number = number,
                    Kind = OperationKinds.Expire,
                    Started = edit.Now,
                    Job = job,
                    Creates = [.. plan.Deltas.Select(d => new DeltaSet(
                        d.Disk, d.From, d.To, number, d.Shards.Coarsened(MostRanges)))],
                    Expires = plan.Removed.Count == 0 ? null : plan.Removed,
                    Hides = hides.Count == 0 ? null : hides,
                });
                ticket = await TicketOfAsync(edit.Before, operation, looked, bytes, cancellation);
            },
            cancellation);
        return ticket;
    }

    /// <summary>
    /// Plans as many of the versions as one operation takes: fewer when they come to too many
    /// deltas, but never none, and never part of a run where the whole of it fits.
    /// </summary>
    private async Task<(ExpiryPlan Plan, int Looked, long Bytes)> PlanAsync(
        Manifest manifest, IReadOnlyList<int> wanted, CancellationToken cancellation)
    {
        var most = Math.Min(wanted.Count, services.Options.MostExpireVersions);
        while (true)
        {
            var some = wanted.Take(most).ToList();
            var versions = await VersionsAsync(manifest, some, cancellation);
            var listed = some.Where(v => versions.Any(l => l.Number == v)).ToList();
            var (plan, bytes) = await PlanAsync(manifest, versions, listed, cancellation);
            if (plan.Deltas.Count <= MostSets || most == 1) return (plan, most, bytes);
            most = Math.Max(1, Math.Min(most - 1, most * MostSets / plan.Deltas.Count));
        }
    }

    private async Task<(ExpiryPlan Plan, long Bytes)> PlanAsync(
        Manifest manifest, IReadOnlyList<ExpiryVersion> versions, List<int> wanted,
        CancellationToken cancellation)
    {
        var machine = manifest.Machine;
        // What a plan without an archive reads is all that one with it can read.
        var most = ExpiryPlan.Make(machine, versions, wanted, (_, _) => false);
        var archived = new HashSet<(ShardKey, DeltaKey)>();
        var bytes = new Dictionary<(ShardKey, DeltaKey), long>();
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = LookupsAtOnce, CancellationToken = cancellation,
        };
        // With more, fewer versions are planned next; of a single one all is looked at.
        if (most.Deltas.Count <= MostSets || wanted.Count == 1)
            await Parallel.ForEachAsync(most.Sources, parallel, async (source, token) =>
            {
                var pack = await manifest.PackOfAsync(source.Shard, source.Delta, token);
                var found = await services.DeltaStore.FindAsync(
                    pack?.ObjectName(machine)
                        ?? ObjectNames.DeltaData(source.Shard, source.Delta), token);
                // Of a pack only the one delta is read; how long that is, its index would tell.
                var share = pack?.Members.Sum(m => m.Shards.Count) ?? 1;
                lock (bytes)
                {
                    bytes[source] = (found?.LengthBytes ?? 0) / share;
                    if (found?.Tier == StorageTier.Archive) archived.Add(source);
                }
            });
        if (archived.Count == 0) return (most, bytes.Values.Sum());
        var plan = ExpiryPlan.Make(
            machine, versions, wanted, (shard, delta) => archived.Contains((shard, delta)));
        return (plan, plan.Sources.Sum(s => bytes[s]));
    }

    private static async Task<IReadOnlyList<ExpiryVersion>> VersionsAsync(
        Manifest manifest, List<int> wanted, CancellationToken cancellation)
    {
        if (wanted.Count == 0) return [];
        var below = await manifest.NextBelowAsync(wanted[0], cancellation);
        var above = await manifest.NextAboveAsync(wanted[^1], cancellation)
            ?? throw new RefusedException(
                "newest", $"Version {wanted[^1]} of '{manifest.Machine}' is the newest.");
        var versions = new List<ExpiryVersion>();
        await foreach (var version in manifest.VersionsAsync(
            below?.Number ?? 1, above.Number, cancellation))
        {
            var edges = new List<KeyValuePair<string, IReadOnlyList<ShardEdge>>>();
            // The lowest only parts what is above it from what is below.
            foreach (var disk in version == below ? [] : version.Disks)
                edges.Add(new(disk.Name, await manifest.EdgesAsync(disk, cancellation)));
            versions.Add(new ExpiryVersion(version.Number, edges));
        }
        return versions;
    }

    private static async Task<List<int>> NewlyHiddenAsync(
        ManifestEdit edit, ExpiryPlan plan, CancellationToken cancellation)
    {
        var numbers = new List<int>();
        foreach (var hidden in plan.Hidden)
            if (await edit.FindVersionAsync(hidden.Version, cancellation)
                is { State: VersionState.Ready }) numbers.Add(hidden.Version);
        return numbers;
    }

    private static async Task<RewriteTicket> TicketOfAsync(
        Manifest manifest, OperationRecord operation, int looked, long bytes,
        CancellationToken cancellation)
    {
        var expired = operation.Expires ?? [];
        var (lowest, highest) = (0, 0);
        if (expired.Count > 0)
        {
            lowest = (await manifest.NextBelowAsync(expired[0], cancellation))?.Number ?? 0;
            highest = (await manifest.NextAboveAsync(expired[^1], cancellation))?.Number ?? 0;
        }
        var completed = new List<int>();
        foreach (var number in expired)
            if (await manifest.FindVersionAsync(number, cancellation)
                is { State: VersionState.Hidden }) completed.Add(number);
        return new RewriteTicket(
            operation.Number, operation.Creates, looked, expired, operation.Hides ?? [], completed,
            lowest, highest, bytes);
    }
}
