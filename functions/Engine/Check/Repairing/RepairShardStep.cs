using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Writing;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// <c>RepairShard</c>: mends what is damaged of one shard, indexes first, since the rest is found
/// through them. Every write restores the bytes that were there, or commits a base that proves to be
/// the same; a crash between two leaves fewer damages, and the next run goes on.
/// </summary>
public sealed class RepairShardStep(StepServices services)
    : Step<RepairShardInput, RepairTally>(RepairStepNames.RepairShard)
{
    /// <inheritdoc/>
    public override async Task<RepairTally> RunAsync(
        RepairShardInput input, CancellationToken cancellation)
    {
        var manifest = await services.LoadForAsync(input.Machine, input.Operation, cancellation);
        return await TurnKeeper.KeepAsync(
            services, manifest, input.Epoch, c => RepairAsync(input, c), cancellation);
    }

    private async Task<RepairTally> RepairAsync(
        RepairShardInput input, CancellationToken cancellation)
    {
        ShardChain chain;
        try
        {
            chain = await ShardChain.LoadAsync(services.BaseStore, input.Key, cancellation);
        }
        catch (CorruptObjectException error)
        {
            return Footless(input, error);
        }
        if (chain.Base.Footer?.Header.Operation > input.Operation)
            throw new SupersededException(
                input.Operation, chain.Base.Footer.Header.Operation, ObjectNames.Base(input.Key));
        var repairs = new Repairs(chain);
        var good = new HashSet<DeltaKey>();
        var deltas = chain.Deltas().Where(d => d.Key.Operation != 0).ToList();
        var indexes = new IndexRepair(services.DeltaStore, chain, repairs);
        foreach (var (link, key, _) in deltas)
            if (await indexes.RunAsync(link, key, cancellation)) good.Add(key);
        var reads = new DeltaReads(services.DeltaStore, chain.Shard, good);
        await new MergedRepair(services.DeltaStore, chain, reads, repairs).RunAsync(cancellation);
        var finder = new BlockFinder(services, chain, reads, input.Images);
        await new LostBase(services, chain, finder, repairs).RunAsync(
            input, services.Options.BaseTier, cancellation);
        // The base before the deltas' data: more versions can be read from then on.
        await new BaseRepair(services.BaseStore, chain, finder, repairs).RunAsync(
            input.Operation, services.Options.BaseTier, cancellation);
        foreach (var (link, key, _) in deltas)
            if (good.Contains(key))
                await new DataRepair(services.DeltaStore, chain, reads, finder, repairs).RunAsync(
                    link, key,
                    key.IsForward ? services.Options.ForwardTier : services.Options.ReverseTier,
                    cancellation);
        // What a stalled worker has brought back after the sweep is taken away again.
        await LateDeltas.RequireWantedAsync(
            services, chain.Shard, input.Operation, good, cancellation);
        return repairs.Close();
    }

    /// <summary>Without its footer nothing tells what a base holds.</summary>
    private static RepairTally Footless(RepairShardInput input, CorruptObjectException error) =>
        new()
        {
            Shards = 1,
            Lost = 1,
            Losses =
            [
                new Finding(
                    FindingSeverity.Error, error.ObjectName,
                    $"all of shard {input.Shard} of disk '{input.Disk}'",
                    $"its footer cannot be read: expected {error.Expected}, found {error.Found}; "
                    + "bring the object back from a copy of the account", "all"),
            ],
        };
}
