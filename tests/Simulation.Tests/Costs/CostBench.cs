using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Memory;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;

namespace SnapshotFunctions.SimulationTests.Costs;

/// <summary>
/// A machine with the sizes that ship, over stores that count: one full image, one overlay over
/// the same clusters, and then the base moved to it.
/// </summary>
internal sealed class CostBench
{
    private const string Machine = "vm";

    private readonly SimulatedStore _base = new();
    private readonly SimulatedStore _delta = new();
    private readonly Life _life;

    private CostBench(params ScatteredImage[] images)
    {
        var options = new EngineOptions();
        _life = new Life(
            _base, _delta, new ScatteredSources(images), new ManualTimeProvider(), options,
            ManifestOptions.Default);
    }

    public static async Task<(Cost Ingest, Cost Move)> MeasureAsync(
        long diskBytes, int changedMiB, bool isScattered)
    {
        // One table of a disk reaches 512 MiB; a change is spread over at most 32 of them.
        var clusters = changedMiB * 16;
        var most = (int)Math.Min(32, diskBytes >> 29);
        var tables = isScattered ? Math.Min(most, clusters) : Math.Max(1, clusters / 8000);
        var stride = isScattered ? Math.Min(5, 8192 / Math.Max(1, clusters / tables)) : 1;
        var full = new ScatteredImage("full", tables, clusters / tables, 1, diskBytes, stride);
        var overlay = new ScatteredImage("overlay", tables, clusters / tables, 2, diskBytes, stride);
        var bench = new CostBench(full, overlay);
        await bench._life.Manifests.CreateAsync(
            Machine, Layout.Default,
            new MachinePolicy(new BaseRuleSettings(BaseRuleSettings.AfterForwards, 9), 600));
        await bench.IngestAsync(full);
        var shards = overlay.Clusters().Select(c => c >> 17).Distinct().Count();
        var ingest = await bench.CountAsync(shards, () => bench.IngestAsync(overlay));
        var move = await bench.CountAsync(shards, () => bench._life.RunAsync(
            FlowNames.Consolidate, new ConsolidateInput(Machine, 2), "move", Machine));
        return (ingest, move);
    }

    private Task<IngestResult> IngestAsync(ScatteredImage image) => _life.RunAsync(
        FlowNames.Ingest, new IngestInput(Machine, [new IngestDisk(image.Name, "disk0")]),
        $"job-{image.Name}", Machine);

    private async Task<Cost> CountAsync(int shards, Func<Task> work)
    {
        var (inBase, inDelta) = (_base.Counters, _delta.Counters);
        await work();
        var (b, d) = (_base.Counters.Since(inBase), _delta.Counters.Since(inDelta));
        return new Cost(
            shards, b.Operations + d.Operations, b.BytesRead + d.BytesRead,
            b.BytesWritten + d.BytesWritten);
    }
}
