using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Writing;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// <c>RepairPack</c>: mends the next damaged pack. The shards' indexes come first, since they tell
/// what a pack holds. Its one write is a commit over the state that was read; a crash before it
/// leaves staged parts, a repeat after it finds the pack sound.
/// </summary>
public sealed class RepairPackStep(StepServices services)
    : Step<RepairPackInput, RepairPackOutcome>(RepairStepNames.RepairPack)
{
    /// <inheritdoc/>
    public override async Task<RepairPackOutcome> RunAsync(
        RepairPackInput input, CancellationToken cancellation)
    {
        var manifest = await services.LoadForAsync(input.Machine, input.Operation, cancellation);
        return await TurnKeeper.KeepAsync(
            services, manifest, input.Epoch, c => NextAsync(input, manifest, c), cancellation);
    }

    private async Task<RepairPackOutcome> NextAsync(
        RepairPackInput input, Manifest manifest, CancellationToken cancellation)
    {
        var bases = manifest.Head.Operations.First(o => o.Number == input.Operation).Bases;
        var passed = 0;
        await foreach (var pack in manifest.AllPacksAsync(cancellation))
        {
            if (passed++ < input.Skip || !IsMeant(pack, input, bases)) continue;
            var found = await services.DeltaStore.FindAsync(
                pack.ObjectName(input.Machine), cancellation);
            // What is archived is not read; it is not touched either.
            if (found?.Tier == StorageTier.Archive) continue;
            var (tally, isWritten) = await new PackRepair(services, manifest, pack, input.Images)
                .RunAsync(cancellation);
            if (isWritten) await RequireWantedAsync(input, pack, cancellation);
            return new RepairPackOutcome(tally, passed);
        }
        return new RepairPackOutcome(new RepairTally(), null);
    }

    private static bool IsMeant(
        PackRecord pack, RepairPackInput input, IReadOnlyList<BaseSet> bases) =>
        input.Packs is { } names
            ? names.Contains(pack.ObjectName(input.Machine), StringComparer.Ordinal)
            : pack.Members.Any(m => bases.Any(b =>
                string.Equals(b.Disk, m.Disk, StringComparison.Ordinal)
                && b.Shards.Overlaps(m.Shards)));

    /// <summary>A pack that a stalled worker has brought back after the sweep is taken away.</summary>
    private async Task RequireWantedAsync(
        RepairPackInput input, PackRecord pack, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        if (manifest.Head.Operations.Any(o => o.Number == input.Operation)) return;
        await LateDeltas.RequireWantedAsync(services, input.Machine, pack, cancellation);
    }
}
