using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Merging;

/// <summary>
/// <c>MergeShard</c>: makes the merged index of one shard over a group of reverse incrementals. It
/// repeats what their indexes say, so that a damaged or lost one costs time and no data.
/// </summary>
public sealed class MergeShardStep(StepServices services)
    : Step<MergeShardInput, ShardOutcome>(StepNames.MergeShard)
{
    /// <inheritdoc/>
    public override async Task<ShardOutcome> RunAsync(
        MergeShardInput input, CancellationToken cancellation)
    {
        var manifest = await services.LoadForAsync(input.Machine, input.Operation, cancellation);
        var lower = MergedGroups.Lower(input.Level, input.Group);
        var upper = MergedGroups.Upper(input.Level, input.Group);
        var map = await services.Resolver.MapBackAsync(
            manifest, input.Key, lower, upper, cancellation);
        var index = map.ToMerged(input.Key, input.Operation, input.Level, input.Group);
        var bytes = index.Encode();
        var name = ObjectNames.MergedIndex(
            input.Key, input.Level, input.Group, input.Operation);
        try
        {
            await services.DeltaStore.PutAsync(name, bytes, WriteOptions.Create(), cancellation);
        }
        catch (OvertakenException)
        {
            // An earlier run of this step has written it, from the same immutable indexes.
        }
        return new ShardOutcome(input.Shard, true, Hash256.Zero, 0, bytes.Length);
    }
}
