using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Mounting;
using SnapshotFunctions.Local.Nbd;

namespace SnapshotFunctions.Benchmarks.Measuring;

/// <summary>
/// Does what commands of the command line do, with its engine, its runner and its locks, each with
/// a store that is opened for it, and measures that.
/// </summary>
/// <param name="open">Opens the store.</param>
/// <param name="machine">The machine that the commands are about.</param>
internal sealed class CommandBench(Func<Task<OpenStore>> open, string machine)
{
    private const long CacheBytes = 256 << 20;

    /// <summary>Makes the machine, with a rule for its base.</summary>
    public Task CreateAsync(BaseRuleSettings rule) =>
        CreateAsync(MachinePolicy.Default with { Base = rule });

    /// <summary>Makes the machine.</summary>
    public Task CreateAsync(MachinePolicy policy) => MeasureAsync(
        (engine, _) => engine.Manifests.CreateAsync(machine, Layout.Default, policy));

    /// <summary><c>ingest</c>.</summary>
    public Task<Measured> IngestAsync(string image) => ChangeAsync(engine => engine.RunAsync(
        FlowNames.Ingest, new IngestInput(machine, [new IngestDisk(image, "disk0")]), machine,
        CancellationToken.None));

    /// <summary><c>consolidate</c>: the base is moved.</summary>
    public Task<Measured> MoveAsync(int version) => ChangeAsync(engine => engine.RunAsync(
        FlowNames.Consolidate, new ConsolidateInput(machine, version), machine,
        CancellationToken.None));

    /// <summary><c>restore --out</c>, which takes the place of what is there.</summary>
    public Task<Measured> RestoreAsync(int version, string target, string format = "raw") =>
        RestoreAsync(new RestoreInput(
            machine, target, version, Format: format, Overwrite: true));

    /// <summary><c>restore --onto --from</c>: what differs is written.</summary>
    public Task<Measured> RestoreOntoAsync(int from, int version, string target) =>
        RestoreAsync(new RestoreInput(machine, target, version, Onto: true, FromVersion: from));

    /// <summary><c>list</c> of the versions and <c>show</c> of one, without drawing them.</summary>
    public Task<Measured> ShowAsync(int version) => MeasureAsync(async (engine, watch) =>
    {
        var manifest = await engine.Manifests.LoadAsync(machine);
        var catalog = await VersionCatalog.LoadAsync(engine, manifest, CancellationToken.None);
        var record = catalog.Entries.First(e => e.Record.Number == version).Record;
        foreach (var disk in record.Disks) _ = await manifest.EdgesAsync(disk);
        watch.Stop();
    });

    /// <summary>
    /// <c>mount</c>, until clients can come and the disk's first block, which nobody shall wait for
    /// then, has been read.
    /// </summary>
    public Task<Measured> MountAsync(int version, string folder) =>
        MeasureAsync(async (engine, watch) =>
        {
            var mounts = new MountStore(engine, Path.Combine(folder, "mounts"));
            await mounts.SweepAsync(CancellationToken.None);
            var manifest = await engine.Manifests.LoadAsync(machine);
            var record = await ViewOpener.FindAsync(manifest, version, CancellationToken.None);
            using var mount = await mounts.CreateAsync(
                machine, record, record.Disks, false, CancellationToken.None);
            var setting = new MountSetting(null, Path.Combine(folder, "nbd"), null, CacheBytes);
            await using (await MountHost.StartAsync(
                engine, mount, setting, new NbdLimits(), NullLogger.Instance,
                CancellationToken.None))
            {
                watch.Stop();
            }
            await mounts.RemoveAsync(mount, CancellationToken.None);
        });

    private Task<Measured> RestoreAsync(RestoreInput input) => MeasureAsync(async (engine, _) =>
    {
        using var runner = engine.OpenReading();
        await runner.RunAsync(RestoreNames.Restore, input, machine, CancellationToken.None);
    });

    private Task<Measured> ChangeAsync(Func<LocalEngine, Task> work) =>
        MeasureAsync(async (engine, _) =>
        {
            await using var drive = await MachineDrive.EnterAsync(
                engine, machine, TimeSpan.FromMinutes(1), static _ => { }, CancellationToken.None);
            await work(engine);
        });

    private async Task<Measured> MeasureAsync(Func<LocalEngine, CommandWatch, Task> command)
    {
        PeakMemory.Reset();
        var watch = new CommandWatch();
        var opened = await open();
        using var engine = new LocalEngine(
            opened with
            {
                Base = new WatchedStore(opened.Base, watch.Requests),
                Delta = new WatchedStore(opened.Delta, watch.Requests),
            },
            TimeProvider.System, NullLogger.Instance);
        await command(engine, watch);
        watch.Stop();
        return watch.Measured!;
    }

    /// <summary>A command's clock and counters, which may be stopped before it has tidied up.</summary>
    private sealed class CommandWatch
    {
        private readonly TimeSpan _before = Environment.CpuUsage.TotalTime;
        private readonly Stopwatch _clock = Stopwatch.StartNew();

        public RequestWatch Requests { get; } = new();

        public Measured? Measured { get; private set; }

        public void Stop()
        {
            if (Measured is not null) return;
            Requests.Close();
            Measured = new Measured(
                _clock.Elapsed, Environment.CpuUsage.TotalTime - _before, Requests,
                PeakMemory.Read());
        }
    }
}
