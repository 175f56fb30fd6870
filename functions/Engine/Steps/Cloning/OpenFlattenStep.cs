using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Phases;
using MachineShards = SnapshotFunctions.Engine.Views.DiskShards;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>
/// <c>OpenFlatten</c>: lists an operation that gives a clone's bases the blocks they share with the
/// origin. Where deltas lead up from the origin itself, the bases must be moved over them first.
/// </summary>
public sealed class OpenFlattenStep(StepServices services)
    : Step<FlattenInput, FlattenTicket>(CloneSteps.OpenFlatten)
{
    private const int MostRanges = 64;

    /// <inheritdoc/>
    public override async Task<FlattenTicket> RunAsync(
        FlattenInput input, CancellationToken cancellation)
    {
        var ticket = new FlattenTicket(null, 0, 0, []);
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                ticket = await OpenAsync(edit, input, cancellation);
            },
            cancellation);
        return ticket;
    }

    private static async Task<FlattenTicket> OpenAsync(
        ManifestEdit edit, FlattenInput input, CancellationToken cancellation)
    {
        var manifest = edit.Before;
        var origin = manifest.Head.Origin;
        if (origin is null || manifest.NewestNumber == 0)
            return new FlattenTicket(origin, 0, 0, []);
        var known = edit.Head.Operations.FirstOrDefault(
            o => string.Equals(o.Job, input.Job, StringComparison.Ordinal));
        if (known is null && await HasForwardsAsync(manifest, cancellation))
            return new FlattenTicket(
                origin, await manifest.NewestReadyAsync(cancellation), 0, []);
        var bases = known?.Bases ?? await BasesAsync(manifest, origin, cancellation);
        var operation = known ?? edit.IssueOperation(number => new OperationRecord
        {
            Number = number, Kind = OperationKinds.Flatten, Started = edit.Now, Job = input.Job,
            Creates = [], Bases = bases,
        });
        return new FlattenTicket(
            origin, 0, operation.Number,
            [.. bases.Select(b => new DiskShards(b.Disk, b.Shards.ToString()))]);
    }

    private static async Task<bool> HasForwardsAsync(
        Manifest manifest, CancellationToken cancellation)
    {
        await foreach (var version in manifest.VersionsAsync(
            Math.Max(1, manifest.Head.ForwardsFrom), cancellation: cancellation))
            foreach (var disk in version.Disks)
                if ((await manifest.EdgesAsync(disk, cancellation))
                    .Any(e => e.ForwardOperation != 0)) return true;
        return false;
    }

    /// <summary>The shards that the oldest version can have in common with the origin.</summary>
    private static async Task<IReadOnlyList<BaseSet>> BasesAsync(
        Manifest manifest, OriginRecord origin, CancellationToken cancellation)
    {
        var bases = new List<BaseSet>();
        await foreach (var oldest in manifest.VersionsAsync(cancellation: cancellation))
        {
            foreach (var disk in oldest.Disks)
            {
                if (origin.DiskOf(disk.Name) is null) continue;
                var shards = await MachineShards.WithDataAsync(
                    manifest, disk, oldest.Number, cancellation);
                if (shards.Count > 0) bases.Add(new BaseSet(disk.Name, shards.Coarsened(MostRanges)));
            }
            break;
        }
        return bases;
    }
}
