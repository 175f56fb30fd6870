using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Restoring;

namespace SnapshotFunctions.Engine.Flows.Restoring;

/// <summary>
/// Writes some shards, part by part, a bounded number at once. Asked to end, or after an error, it
/// starts no more parts and waits for those that run: they write to the target that is abandoned
/// next.
/// </summary>
internal sealed class RestoreShardsFlow()
    : Flow<RestoreShardsInput, RestoreOutcome>(RestoreNames.Shards)
{
    private const int PartsAtOnce = 16;

    /// <inheritdoc/>
    public override async Task<RestoreOutcome> RunAsync(
        IFlowContext context, RestoreShardsInput input)
    {
        var plan = input.Plan;
        var running = new List<(Task<RestoreOutcome> Work, long Bytes)>();
        var total = RestoreOutcome.None;
        var done = input.DoneBytes;
        SnapshotException? failed = null;
        foreach (var (shard, first, end) in plan.Shards.SelectMany(
            s => plan.PartsOf(s).Select(p => (s, p.First, p.End))))
        {
            if (running.Count == PartsAtOnce) await TakeAsync();
            if (failed is not null || context.IsCancelRequested) break;
            running.Add((
                context.RunStepAsync(RestoreSteps.Shard, new RestoreShardInput(
                    plan.Source, input.Target, shard, first, end)),
                BytesOf(plan, shard, first, end)));
        }
        while (running.Count > 0) await TakeAsync();
        if (failed is not null) throw failed;
        if (context.IsCancelRequested) throw new OperationCanceledException("The restore was to end.");
        return total;

        async Task TakeAsync()
        {
            var ended = await Task.WhenAny(running.Select(r => r.Work));
            var at = running.FindIndex(r => r.Work == ended);
            done += running[at].Bytes;
            running.RemoveAt(at);
            try
            {
                total = total.Plus(await ended);
                context.Report(new FlowProgress("restoring", done, input.TotalBytes, "bytes"));
            }
            catch (SnapshotException error)
            {
                failed ??= error;
            }
        }
    }

    private static long BytesOf(RestorePlan plan, int shard, int first, int end) =>
        Math.Min(
            (long)end * plan.Layout.BlockBytes, plan.Layout.ShardLength(plan.SizeBytes, shard))
        - ((long)first * plan.Layout.BlockBytes);
}
