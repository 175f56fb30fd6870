using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>
/// <c>RestoreShard</c>: writes a part of one shard. A new target gets the blocks that are not zero;
/// one that is trusted to hold a version gets those whose hashes differ between the two, and is not
/// read; any other is read, and gets those that it does not hold. Repeating it writes the same
/// bytes again. It ends once they are durable, because its result will not be asked for again.
/// </summary>
public sealed class RestoreShardStep(StepServices services, IRestoreTargets targets)
    : Step<RestoreShardInput, RestoreOutcome>(RestoreSteps.Shard)
{
    /// <inheritdoc/>
    public override async Task<RestoreOutcome> RunAsync(
        RestoreShardInput input, CancellationToken cancellation)
    {
        var source = input.Source;
        var view = await services.Views.OpenAsync(
            source.Machine, source.Version, source.Disk, cancellation);
        await using var target = await targets.OpenAsync(
            input.Target.Request, input.Target.Identity, cancellation);
        var writer = new BlockWriter(view, target, input.Shard);
        var comparison = new BlockComparison(target, writer, view.Layout);
        if (input.Target.Request.Mode != RestoreMode.Onto)
        {
            var wanted = await WantedAsync(view, input, cancellation);
            await WriteAsync(
                writer, [.. wanted.Index().Where(w => !w.Item.IsZero).Select(
                    w => new ChangedBlock(input.First + w.Index, false))], cancellation);
        }
        else if (source.FromVersion is { } held)
        {
            var from = await services.Views.OpenAsync(
                source.Machine, held, source.Disk, cancellation);
            await WriteAsync(
                writer, await BlockHashes.ChangedAsync(
                    from, view, input.Shard, input.First, input.End, cancellation), cancellation);
        }
        else
        {
            var wanted = await WantedAsync(view, input, cancellation);
            await CompareAsync(input, wanted, comparison, writer, cancellation);
        }
        await target.FlushAsync(cancellation);
        return new RestoreOutcome(
            writer.WrittenBytes, writer.ZeroedBytes, comparison.ComparedBytes);
    }

    private static Task<Hash256[]> WantedAsync(
        DiskView view, RestoreShardInput input, CancellationToken cancellation) =>
        BlockHashes.ReadAsync(
            view, input.Shard, [.. Enumerable.Range(input.First, input.End - input.First)],
            cancellation);

    /// <summary>Writes what is known to differ, in windows that are as full as can be.</summary>
    private async Task WriteAsync(
        BlockWriter writer, IReadOnlyList<ChangedBlock> blocks, CancellationToken cancellation)
    {
        await writer.ZeroAsync(
            [.. blocks.Where(b => b.IsZero).Select(b => b.Block)], cancellation);
        int[] data = [.. blocks.Where(b => !b.IsZero).Select(b => b.Block)];
        await writer.ReserveAsync(data, cancellation);
        await ForEachWindowAsync(
            data.Length,
            (start, count, stop) => writer.WriteAsync(
                new ArraySegment<int>(data, start, count), stop),
            cancellation);
    }

    private Task CompareAsync(
        RestoreShardInput input, Hash256[] wanted, BlockComparison comparison, BlockWriter writer,
        CancellationToken cancellation) =>
        ForEachWindowAsync(
            wanted.Length,
            async (start, count, stop) =>
            {
                var differing = await comparison.DifferingAsync(
                    input.First + start, wanted.AsMemory(start, count), stop);
                await writer.ZeroAsync(
                    [.. differing.Where(b => b.IsZero).Select(b => b.Block)], stop);
                await writer.WriteAsync(
                    [.. differing.Where(b => !b.IsZero).Select(b => b.Block)], stop);
            },
            cancellation);

    private async Task ForEachWindowAsync(
        int length, Func<int, int, CancellationToken, Task> work, CancellationToken cancellation)
    {
        var size = services.Options.WindowBlocks;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = services.Options.RequestsAtOnce,
            CancellationToken = cancellation,
        };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, (length + size - 1) / size),
            options,
            async (window, stop) =>
            {
                await services.Windows.TakeAsync(stop);
                try
                {
                    await work(window * size, Math.Min(size, length - (window * size)), stop);
                }
                finally
                {
                    services.Windows.Release();
                }
            });
    }
}
