using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Memory;

/// <summary>A machine with one disk of 64 TiB over two folders, with everything as it ships.</summary>
internal sealed class LargeDisk
{
    private const string Machine = "large";
    private const int SampledClusters = 400;

    private readonly FolderStore _base;
    private readonly StepServices _services;
    private readonly LocalRunner _runner;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _jobs;

    public LargeDisk(string folder, IReadOnlyList<ScatteredImage> images)
    {
        var options = new EngineOptions();
        _base = FolderStore.Open(Path.Combine(folder, "base"));
        IObjectStore delta = FolderStore.Open(Path.Combine(folder, "delta"));
        var manifests = new ManifestStore(
            _base, delta, ManifestOptions.Default, TimeProvider.System);
        _services = new StepServices(
            _base, delta, manifests, new ScatteredSources(images), TimeProvider.System, options);
        // The runner refuses any payload above 16 KB, so that a run to the end shows there was none.
        _runner = new LocalRunner(
            _base, EngineParts.Flows(options), EngineParts.Steps(_services),
            new LocalRunnerOptions(), TimeProvider.System, NullLogger.Instance);
    }

    public async Task KeepForwardsAsync()
    {
        await _services.Manifests.CreateAsync(
            Machine, Layout.Default,
            new MachinePolicy(new BaseRuleSettings(BaseRuleSettings.AfterForwards, 100), 600));
    }

    public async Task IngestAsync(ScatteredImage image)
    {
        var result = await RunAsync(
            FlowNames.Ingest, new IngestInput(Machine, [new IngestDisk(image.Name, "disk0")]));
        await TellAsync($"ingested {image.Name}: {result.ChangedBytes >> 20} MiB changed");
    }

    public async Task ConsolidateAsync(int version)
    {
        var result = await RunAsync(
            FlowNames.Consolidate, new ConsolidateInput(Machine, version));
        await TellAsync($"base at {result.Base} after {result.Operations} operations");
    }

    /// <summary>Reads clusters all over the disk; each must hold what the newest image below says.</summary>
    public async Task CheckAsync(int version, ScatteredImage older, ScatteredImage? newer)
    {
        var view = await _services.Views.OpenAsync(
            Machine, version, "disk0", CancellationToken.None);
        var held = older.Clusters().ToHashSet();
        var replaced = newer?.Clusters().ToHashSet() ?? [];
        var clusters = held.Concat(replaced).Distinct().Order().ToList();
        var every = Math.Max(1, clusters.Count / SampledClusters);
        var (found, expected) = (new byte[ScatteredImage.ClusterBytes], new byte[ScatteredImage.ClusterBytes]);
        for (var n = 0; n < clusters.Count; n += every)
        {
            // The cluster beside it is read as well: mostly it is zero, in both versions.
            foreach (var cluster in new[] { clusters[n], clusters[n] + 1 })
            {
                expected.AsSpan().Clear();
                var generation = replaced.Contains(cluster) ? 2 : held.Contains(cluster) ? 1 : 0;
                if (generation > 0) ScatteredImage.Fill(cluster, generation, expected);
                await view.ReadAsync(cluster * ScatteredImage.ClusterBytes, found);
                if (!found.AsSpan().SequenceEqual(expected))
                    throw new InvalidDataException($"Cluster {cluster} of version {version} differs.");
            }
        }
        await TellAsync($"version {version} read");
    }

    private async Task<TOut> RunAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input)
    {
        var job = $"job-{++_jobs}";
        await _runner.StartAsync(flow, input, job, Machine);
        return await _runner.RunToEndAsync(flow, job);
    }

    private async Task TellAsync(string what)
    {
        var head = await _base.FindAsync(ObjectNames.Head(Machine));
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{_watch.Elapsed.TotalSeconds:F1} s, peak {process.PeakWorkingSet64 >> 20} MiB, "
            + $"head {head!.LengthBytes} bytes: {what}");
    }
}
