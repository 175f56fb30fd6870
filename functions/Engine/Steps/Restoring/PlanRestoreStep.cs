using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>
/// <c>PlanRestore</c>: finds the version and the disk, and the shards that a restore must look at.
/// Reads the manifest only.
/// </summary>
/// <param name="services">What steps work with.</param>
/// <param name="partBytes">Bytes of a disk that one step is given; rounded to index pages.</param>
public sealed class PlanRestoreStep(StepServices services, long partBytes = 1L << 30)
    : Step<PlanRestoreInput, RestorePlan>(RestoreSteps.Plan)
{
    /// <summary>The shards are told in a text, which a step's result has bounded room for.</summary>
    private const int MostRanges = 512;

    /// <inheritdoc/>
    public override async Task<RestorePlan> RunAsync(
        PlanRestoreInput input, CancellationToken cancellation)
    {
        if (input.FromVersion is not null && input.Mode != RestoreMode.Onto)
            throw new RefusedException(
                "from-version",
                "Only a restore onto a file that is there can build on the version it holds.");
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        var view = await services.Views.OpenAsync(
            input.Machine, input.Version, input.Disk, cancellation);
        var from = input.FromVersion is { } held
            ? await services.Views.OpenAsync(input.Machine, held, view.Disk.Name, cancellation)
            : null;
        var shards = (await ShardsAsync(manifest, view, from, input.Mode, cancellation))
            .Coarsened(MostRanges);
        return new RestorePlan(
            new RestoreSource(view.Machine, view.Version, view.Disk.Name, from?.Version),
            view.SizeBytes, from?.SizeBytes, view.Layout, shards, PartBlocks(view.Layout),
            shards.Sum(s => view.Layout.ShardLength(view.SizeBytes, s)), view.Disk.Node)
        {
            CountsReads = manifest.Head.Policy.Base.Kind is BaseRuleSettings.MostRead,
        };
    }

    private static async Task<ShardRanges> ShardsAsync(
        Manifest manifest, DiskView view, DiskView? from, RestoreMode mode,
        CancellationToken cancellation)
    {
        var count = view.Layout.ShardsOf(view.SizeBytes);
        if (count == 0) return ShardRanges.Empty;
        if (mode != RestoreMode.Onto)
            return await DiskShards.WithDataAsync(
                manifest, view.Disk, view.Version, cancellation);
        // Whatever a file holds that nobody knows must be looked at.
        var all = ShardRanges.Range(0, count - 1);
        if (from is null) return all;
        var changed = await DiskShards.BetweenAsync(
            manifest, view.Disk.Name, from.Version, view.Version, cancellation);
        return changed is null ? all : ShardRanges.Of(changed.Where(s => s < count));
    }

    private int PartBlocks(Layout layout)
    {
        var pages = partBytes / layout.BlockBytes / layout.BlocksPerPage;
        return (int)Math.Clamp(pages, 1, layout.PagesPerShard) * layout.BlocksPerPage;
    }
}
