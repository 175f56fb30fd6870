using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Chunks;

/// <summary>Cuts shards into chunks and runs their sub-flows, a bounded number at once.</summary>
internal static class FanOut
{
    /// <summary>With more chunks than this, outcomes are put down in the store.</summary>
    private const int MostInline = 2;

    /// <summary>Runs a sub-flow over all chunks of some disks.</summary>
    /// <param name="context">The flow's context.</param>
    /// <param name="flow">The sub-flow.</param>
    /// <param name="disks">The disks and their shards.</param>
    /// <param name="compose">Makes a chunk's input from disk, shards, number and record.</param>
    /// <param name="options">How work is cut.</param>
    /// <param name="phase">What is reported.</param>
    /// <param name="canEnd">Whether a wish to cancel ends the work between chunks.</param>
    /// <exception cref="StepFailedException">A shard failed, or "canceled".</exception>
    public static Task<IReadOnlyList<ChunkRecord>> RunAsync(
        IFlowContext context, FlowName<ChunkInput, ChunkRecord> flow,
        IReadOnlyList<DiskShards> disks, Func<string, string, int, bool, ChunkInput> compose,
        EngineOptions options, string phase, bool canEnd) => RunAsync(
            context, flow, disks, d => ShardRanges.Parse(d.Shards),
            (d, shards, chunk, record) => compose(d.Disk, shards, chunk, record), options, phase,
            canEnd);

    /// <summary>The same over pieces of work of any kind, each over some shards.</summary>
    public static async Task<IReadOnlyList<ChunkRecord>> RunAsync<T>(
        IFlowContext context, FlowName<ChunkInput, ChunkRecord> flow, IReadOnlyList<T> work,
        Func<T, ShardRanges> shardsOf, Func<T, string, int, bool, ChunkInput> compose,
        EngineOptions options, string phase, bool canEnd)
    {
        var chunks = Cut(work, shardsOf, options.ChunkSteps);
        var total = work.Sum(w => (long)shardsOf(w).Count);
        var isRecorded = chunks.Count > MostInline;
        var records = new List<ChunkRecord>();
        var done = 0L;
        for (var first = 0; first < chunks.Count; first += options.ChunksAtOnce)
        {
            if (canEnd && context.IsCancelRequested)
                throw new StepFailedException(flow.Name, "canceled", "The job was cancelled.");
            context.Report(new FlowProgress(phase, done, total, "shards"));
            var wave = chunks.Skip(first).Take(options.ChunksAtOnce).ToList();
            var running = wave.Select((c, i) => context.RunFlowAsync(
                flow, compose(c.Work, c.Shards.ToString(), first + i, isRecorded)));
            records.AddRange(await Task.WhenAll(running.ToList()));
            done += wave.Sum(c => (long)c.Shards.Count);
        }
        context.Report(new FlowProgress(phase, total, total, "shards"));
        return records;
    }

    private static List<(T Work, ShardRanges Shards)> Cut<T>(
        IReadOnlyList<T> work, Func<T, ShardRanges> shardsOf, int most)
    {
        var chunks = new List<(T, ShardRanges)>();
        foreach (var piece in work)
            foreach (var chunk in shardsOf(piece).Chunk(most))
                chunks.Add((piece, ShardRanges.Of(chunk)));
        return chunks;
    }
}
