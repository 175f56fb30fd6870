using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Stalls;

/// <summary>
/// A worker stalls right before it makes its work exist. Others end its operation, or finish it in
/// its place, go on, and sweep; then it wakes up.
/// </summary>
public sealed class StalledWorkerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Where a worker stalls: the call, and how the object's name ends.</summary>
    public static TheoryData<string, StoreOperationKind, string, bool> Stalls()
    {
        var stalls = new TheoryData<string, StoreOperationKind, string, bool>();
        foreach (var isTakenOver in new[] { false, true })
        {
            stalls.Add("first", StoreOperationKind.CommitBlocks, "/base", isTakenOver);
            stalls.Add("later", StoreOperationKind.Put, ".dat", isTakenOver);
            stalls.Add("later", StoreOperationKind.Put, "-00", isTakenOver);
            stalls.Add("later", StoreOperationKind.Put, ".idx", isTakenOver);
            stalls.Add("later", StoreOperationKind.Put, "/000001", isTakenOver);
            stalls.Add("expire", StoreOperationKind.Put, ".dat", isTakenOver);
            stalls.Add("expire", StoreOperationKind.Put, ".idx", isTakenOver);
            foreach (var move in new[] { "forwards", "backwards" })
            {
                stalls.Add(move, StoreOperationKind.Put, ".dat", isTakenOver);
                stalls.Add(move, StoreOperationKind.Put, ".idx", isTakenOver);
                stalls.Add(move, StoreOperationKind.Put, "/000001", isTakenOver);
                stalls.Add(move, StoreOperationKind.CommitBlocks, "/base", isTakenOver);
            }
        }
        return stalls;
    }

    [Theory]
    [MemberData(nameof(Stalls))]
    public async Task A_worker_that_wakes_up_late_changes_nothing(
        string work, StoreOperationKind kind, string ending, bool isTakenOver)
    {
        var isFirst = string.Equals(work, "first", StringComparison.Ordinal);
        var (rig, disks) = await Scenes.PreparedAsync(
            string.Equals(work, "backwards", StringComparison.Ordinal)
                ? BaseRuleSettings.Newest : BaseRuleSettings.AfterForwards,
            isFirst ? 0 : 4);
        var stalled = new SimulatedProcess();
        var pause = StorePause.On(stalled, kind, ending);
        disks.Change();
        disks.ChangeFiles(rig);
        // It stalls as a whole: nothing in it renews its claim or learns that it was lost.
        var options = rig.Options with { RenewEvery = Timeout.InfiniteTimeSpan };
        var asleep = RunAsync(rig.LifeOf(stalled, options), rig, work, disks);
        await pause.Reached.WaitAsync(Patience);

        if (isTakenOver)
        {
            await TakeOverAsync(rig);
            if (work is "first" or "later")
                rig.Model.Add(isFirst ? 1 : 5, Rig.Copy(disks.All));
            if (work is "expire") rig.Model.Remove(2);
        }
        await GoOnAsync(rig, disks);
        var before = Contents(rig);

        pause.Resume();
        var error = await Assert.ThrowsAnyAsync<SnapshotException>(
            () => asleep.WaitAsync(Patience));
        output.WriteLine(error.Message);
        Assert.Contains(
            error.Code,
            new[] { "overtaken", "superseded", "object-not-found", "turn-lost" });
        Assert.Equal(before, Contents(rig));
        await rig.CheckAsync("after it woke up");
        await ListedObjects.CheckAsync(rig, "after it woke up");
        disks.Change();
        await rig.IngestAsync(disks.All);
        await rig.CheckAsync("after one more");
    }

    /// <summary>Another process takes the job up, as after a restart, and brings it to its end.</summary>
    private static async Task TakeOverAsync(Rig rig)
    {
        for (var attempt = 1; ; attempt++)
        {
            var resumed = Assert.Single(await rig.Life.Runner.ResumeAllAsync());
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

    /// <summary>The machine's next operations, with all that was retired swept between.</summary>
    private static async Task GoOnAsync(Rig rig, Scenes.Disks disks)
    {
        disks.Change();
        await rig.IngestAsync(disks.All);
        await rig.ConsolidateAsync(rig.Model.Keys.Max());
        rig.Time.Advance(TimeSpan.FromHours(1));
        disks.Change();
        await rig.IngestAsync(disks.All);
        await rig.ConsolidateAsync(rig.Model.Keys.Min());
        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.ConsolidateAsync(rig.Model.Keys.Max());
        await rig.UndoAsync();
        await rig.CheckAsync("while it sleeps");
        await ListedObjects.CheckAsync(rig, "while it sleeps");
    }

    private static async Task RunAsync(Life life, Rig rig, string work, Scenes.Disks disks)
    {
        if (work is "first" or "later")
        {
            await life.RunAsync(
                FlowNames.Ingest, rig.InputOf("stalled", disks.All, null), "stalled", Rig.Machine);
            return;
        }
        if (work is "expire")
        {
            await life.RunAsync(
                ExpiryNames.Expire, new ExpireInput(Rig.Machine, [2]), "stalled", Rig.Machine);
            return;
        }
        var target = string.Equals(work, "forwards", StringComparison.Ordinal) ? 4 : 2;
        await life.RunAsync(
            FlowNames.Consolidate, new ConsolidateInput(Rig.Machine, target), "stalled",
            Rig.Machine);
    }

    private static List<ObjectFingerprint> Contents(Rig rig) =>
    [
        .. rig.Base.Fingerprint(ObjectNames.Machine(Rig.Machine)),
        .. rig.Delta.Fingerprint(ObjectNames.Machine(Rig.Machine)),
    ];
}
