using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SnapshotFunctions.Benchmarks;
using SnapshotFunctions.Benchmarks.Curves;
using SnapshotFunctions.Benchmarks.Measuring;
using SnapshotFunctions.Benchmarks.Stores;

// curves [FOLDER] [bytes|sizes|versions|shards ...]; stores [FOLDER] [azurite|far ...]
if (args is ["curves" or "stores", ..])
{
    var parent = args.Length > 1 && Directory.Exists(args[1]) ? args[1] : null;
    string[] wanted = [.. args.Skip(parent is null ? 1 : 2)];
    using var folder = new WorkFolder(parent);
    if (args[0] is "curves") await CostCurves.RunAsync(folder, wanted);
    else await StoreRuns.RunAsync(folder, wanted);
    return;
}

// In this process: a project generated elsewhere would not find the versions of this repository.
var config = DefaultConfig.Instance
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(new ThroughputColumn())
    .HideColumns(Column.Error, Column.StdDev, Column.Job, Column.Toolchain);
BenchmarkSwitcher.FromAssembly(typeof(Contents).Assembly).Run(args, config);
