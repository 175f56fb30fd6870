using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Cloning;

/// <summary>
/// A worker that makes, flattens, changes or deletes a clone stalls; another one finishes its job,
/// the clone is deleted, and where told a new machine of its name is made. Then it wakes up.
/// </summary>
public sealed class StalledCloneTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Where a worker stalls: the call, and how the object's name ends.</summary>
    public static TheoryData<string, StoreOperationKind, string, bool> Stalls()
    {
        var stalls = new TheoryData<string, StoreOperationKind, string, bool>();
        foreach (var isAnew in new[] { false, true })
        {
            stalls.Add("clone", StoreOperationKind.Put, "golden/head.json", isAnew);
            stalls.Add("clone", StoreOperationKind.Put, "copy/head.json", isAnew);
            stalls.Add("clone", StoreOperationKind.Put, "copy/origins/000000000001.json", isAnew);
            stalls.Add("flatten", StoreOperationKind.CommitBlocks, "000000/base", isAnew);
            stalls.Add("flatten", StoreOperationKind.CommitBlocks, "000002/base", isAnew);
            stalls.Add("flatten", StoreOperationKind.Put, "golden/head.json", isAnew);
            stalls.Add("ingest", StoreOperationKind.CommitBlocks, "000001/base", isAnew);
            stalls.Add("ingest", StoreOperationKind.Put, ".idx", isAnew);
            stalls.Add("purge", StoreOperationKind.Put, "copy/gone.json", isAnew);
            stalls.Add("purge", StoreOperationKind.Delete, "copy/head.json", isAnew);
            stalls.Add("purge", StoreOperationKind.Put, "golden/head.json", isAnew);
            stalls.Add("purge", StoreOperationKind.List, "machines/copy/heads/", isAnew);
            stalls.Add("purge", StoreOperationKind.List, "machines/copy/", isAnew);
            stalls.Add("purge", StoreOperationKind.Delete, "000000/base", isAnew);
        }
        return stalls;
    }

    [Theory]
    [MemberData(nameof(Stalls))]
    public async Task A_worker_that_wakes_up_late_changes_nothing(
        string work, StoreOperationKind kind, string ending, bool isAnew)
    {
        var rig = CloneRig.New();
        var random = new Random(5);
        var disk = CloneRig.NewDisk(3);
        for (var i = 0; i < 2; i++)
        {
            CloneRig.Change(disk, random);
            await rig.IngestAsync("golden", disk);
        }
        if (work is not "clone") await rig.CloneAsync("golden", 1, "copy");
        if (work is "flatten" or "purge")
        {
            // The last shard has no base of its own.
            disk.AsSpan(500, 700).Fill(7);
            await rig.IngestAsync("copy", disk);
        }
        random.NextBytes(disk.AsSpan(17_000, 700));
        var stalled = new SimulatedProcess();
        var pause = StorePause.On(stalled, kind, ending);
        var options = rig.Rig.Options with { RenewEvery = Timeout.InfiniteTimeSpan };
        var asleep = RunAsync(rig.Rig.LifeOf(stalled, options), rig, work, disk);
        await pause.Reached.WaitAsync(Patience);

        await TakeOverAsync(rig);
        if (work is not "purge") await rig.PurgeAsync("copy", atOnce: true);
        rig.Forget("copy");
        if (isAnew)
        {
            for (var i = 0; i < 2; i++)
            {
                CloneRig.Change(disk, random);
                await rig.IngestAsync("copy", disk);
            }
        }
        await rig.CheckAsync("while it sleeps");
        var before = rig.Contents();

        pause.Resume();
        var trouble = await Record.ExceptionAsync(() => asleep.WaitAsync(Patience));
        output.WriteLine(trouble?.Message ?? "it found all done");
        Assert.True(trouble is null or SnapshotException or StepFailedException, $"{trouble}");
        var after = rig.Contents();
        Assert.True(
            before.SequenceEqual(after),
            string.Join(", ", after.Except(before).Concat(before.Except(after))));
        await rig.CheckAsync("after it woke up");
        CloneRig.Change(disk, random);
        await rig.IngestAsync("copy", disk);
        await rig.ExpireAsync("golden", 1);
        await rig.CheckAsync("after one more");
    }

    /// <summary>Another process takes the job up, as after a restart, and brings it to its end.</summary>
    private static async Task TakeOverAsync(CloneRig rig)
    {
        for (var attempt = 1; ; attempt++)
        {
            var resumed = Assert.Single(await rig.Rig.Life.Runner.ResumeAllAsync());
            if (resumed.Trouble is null)
            {
                Assert.Equal(JobState.Completed, resumed.Job.State);
                return;
            }
            // The stalled process's other steps still end, and it may write them down in between.
            Assert.IsType<OvertakenException>(resumed.Trouble);
            Assert.InRange(attempt, 1, 20);
        }
    }

    private static Task RunAsync(Life life, CloneRig rig, string work, byte[] disk)
    {
        if (work is "clone")
            return life.RunAsync(
                CloneNames.Clone, new CloneInput("golden", 1, "copy"), "stalled", "golden");
        if (work is "flatten")
            return life.RunAsync(
                CloneNames.Flatten, new FlattenFlowInput("copy"), "stalled", "copy");
        if (work is "purge")
            return life.RunAsync(
                PurgeNames.Purge, new PurgeInput("copy", true), "stalled", "copy");
        rig.Rig.Sources.Add("stalled", (byte[])disk.Clone());
        return life.RunAsync(
            FlowNames.Ingest, new IngestInput("copy", [new IngestDisk("stalled", "disk0")]),
            "stalled", "copy");
    }
}
