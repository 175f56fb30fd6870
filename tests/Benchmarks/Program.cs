using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SnapshotFunctions.Benchmarks;

// In this process: a project generated elsewhere would not find the versions of this repository.
var config = DefaultConfig.Instance
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(new ThroughputColumn())
    .HideColumns(Column.Error, Column.StdDev, Column.Job, Column.Toolchain);
BenchmarkSwitcher.FromAssembly(typeof(Contents).Assembly).Run(args, config);
