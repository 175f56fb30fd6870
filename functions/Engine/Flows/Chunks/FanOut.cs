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
    public static async Task<IReadOnlyList<ChunkRecord>> RunAsync(
        IFlowContext context, FlowName<ChunkInput, ChunkRecord> flow,
        IReadOnlyList<DiskShards> disks, Func<string, string, int, bool, ChunkInput> compose,
        EngineOptions options, string phase, bool canEnd)
    {
        var chunks = Cut(disks, options.ChunkSteps);
        var total = disks.Sum(d => (long)ShardRanges.Parse(d.Shards).Count);
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
                flow, compose(c.Disk, c.Shards.ToString(), first + i, isRecorded)));
            records.AddRange(await Task.WhenAll(running.ToList()));
            done += wave.Sum(c => (long)c.Shards.Count);
        }
        context.Report(new FlowProgress(phase, total, total, "shards"));
        return records;
    }

    private static List<(string Disk, ShardRanges Shards)> Cut(
        IReadOnlyList<DiskShards> disks, int most)
    {
        var chunks = new List<(string, ShardRanges)>();
        foreach (var disk in disks)
            foreach (var chunk in ShardRanges.Parse(disk.Shards).Chunk(most))
                chunks.Add((disk.Disk, ShardRanges.Of(chunk)));
        return chunks;
    }
}
