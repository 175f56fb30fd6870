using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Rehydrating;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Rehydrating;

/// <summary>A restore of archived data is one job, from the plan to the removal of its copies.</summary>
public sealed partial class RestoreArchivedTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Unasked_it_is_refused_at_once_and_says_what_it_would_take()
    {
        var rig = await ArchivedRig.CreateAsync(21);
        var (before, start) = (rig.Delta.Fingerprint(), rig.Time.GetUtcNow());
        var error = await Assert.ThrowsAsync<StepFailedException>(
            () => ArchivedRig.RestoreAsync(rig, ArchivedRig.Input(null)));

        Assert.Equal("refused-archived", error.Code);
        output.WriteLine(error.Message);
        Assert.Matches(@"needs \d+ archived objects of \d+ bytes", error.Message);
        Assert.Contains("15 hours", error.Message, StringComparison.Ordinal);
        Assert.Contains("--rehydrate high", error.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Targets.Names);
        Assert.Equal(before, rig.Delta.Fingerprint());
        Assert.InRange(rig.Time.GetUtcNow() - start, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_version_that_needs_nothing_archived_is_restored_without_a_word()
    {
        var rig = await ArchivedRig.CreateAsync(22);
        foreach (var wish in new RehydrationWish?[] { null, RehydrationWish.High })
        {
            var result = await ArchivedRig.RestoreAsync(rig, ArchivedRig.Input(wish, version: 1));
            Assert.Equal(0, result.RehydratedObjects);
            await ArchivedRig.CheckRestoredAsync(rig, 1, $"{wish}");
        }
    }

    [Theory]
    [InlineData(RehydrationSettings.Copy, RehydrationWish.Usual, 15)]
    [InlineData(RehydrationSettings.Copy, RehydrationWish.High, 1)]
    [InlineData(RehydrationSettings.Tier, RehydrationWish.Standard, 15)]
    [InlineData(RehydrationSettings.Tier, RehydrationWish.High, 1)]
    public async Task Asked_it_brings_back_waits_restores_and_leaves_nothing(
        string way, RehydrationWish wish, int hours)
    {
        var rig = await ArchivedRig.CreateAsync(23, way);
        var start = rig.Time.GetUtcNow();
        var (copies, moves) = (Count(rig, StoreOperationKind.Copy), Count(rig, StoreOperationKind.SetTier));
        var result = await ArchivedRig.RestoreAsync(rig, ArchivedRig.Input(wish));

        Assert.InRange(
            rig.Time.GetUtcNow() - start, TimeSpan.FromHours(hours),
            TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(20));
        var asked = way is RehydrationSettings.Copy
            ? Count(rig, StoreOperationKind.Copy) - copies
            : Count(rig, StoreOperationKind.SetTier) - moves;
        Assert.Equal(result.RehydratedObjects, asked);
        Assert.InRange(asked, 3, ArchivedRig.Data(rig).Count);
        await ArchivedRig.CheckRestoredAsync(rig, 4, way);
        foreach (var name in ArchivedRig.Data(rig))
        {
            if (way is RehydrationSettings.Copy)
                Assert.Equal(StorageTier.Archive, (await rig.Delta.FindAsync(name))!.Tier);
        }
        output.WriteLine($"{result.RehydratedObjects} objects of {result.RehydratedBytes} bytes");
    }

    [Fact]
    public async Task Another_format_and_a_difference_restore_wait_too_and_the_latter_asks_for_less()
    {
        var rig = await ArchivedRig.CreateAsync(24);
        var whole = await ArchivedRig.RestoreAsync(
            rig, ArchivedRig.Input(RehydrationWish.High, format: "qcow2"));
        Assert.InRange(whole.RehydratedObjects, 3, 100);
        await ArchivedRig.CheckNothingLeftAsync(rig, "qcow2");
        rig.Targets.Clear();
        rig.Targets[ArchivedRig.Target] = (byte[])rig.Model[3][ArchivedRig.Disk].Clone();
        var input = new RestoreInput(
            Rig.Machine, ArchivedRig.Target, 4, ArchivedRig.Disk, Onto: true, FromVersion: 3,
            Rehydrate: RehydrationWish.High);
        var part = await ArchivedRig.RestoreAsync(rig, input);

        Assert.InRange(part.RehydratedObjects, 1, whole.RehydratedObjects - 1);
        await ArchivedRig.CheckRestoredAsync(rig, 4, "from version 3");
    }

    [Fact]
    public async Task At_high_priority_no_hour_is_asked_for_more_than_the_account_gives()
    {
        const long most = 6_000;
        var rig = await ArchivedRig.CreateAsync(
            25, margins: RehydrationMargins.Default with { MostHighBytes = most });
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in ArchivedRig.Data(rig))
            lengths.Add(name, (await rig.Delta.FindAsync(name))!.LengthBytes);
        var asked = new List<(DateTimeOffset At, long Bytes)>();
        rig.Process.Trace = operation =>
        {
            if (operation.Kind == StoreOperationKind.Copy
                && ObjectNames.TryParseRehydrated(operation.Name, out _, out _, out var name))
                lock (asked) asked.Add((rig.Time.GetUtcNow(), lengths[name]));
        };
        var start = rig.Time.GetUtcNow();
        var result = await ArchivedRig.RestoreAsync(rig, ArchivedRig.Input(RehydrationWish.High));

        await ArchivedRig.CheckRestoredAsync(rig, 4, "hour by hour");
        Assert.Equal(result.RehydratedBytes, asked.Sum(a => a.Bytes));
        Assert.InRange(result.RehydratedBytes, most * 2, long.MaxValue);
        foreach (var (at, _) in asked)
        {
            var hour = asked.Where(a => a.At >= at && a.At < at + TimeSpan.FromHours(1)).ToList();
            Assert.True(
                hour.Count == 1 || hour.Sum(a => a.Bytes) <= most,
                $"{hour.Sum(a => a.Bytes)} bytes within an hour");
        }
        output.WriteLine($"{result.RehydratedBytes} bytes in {rig.Time.GetUtcNow() - start}");
        Assert.InRange(
            rig.Time.GetUtcNow() - start, TimeSpan.FromHours((double)result.RehydratedBytes / most),
            TimeSpan.FromHours((2.0 * result.RehydratedBytes / most) + 2));
    }

    [Fact]
    public async Task Standard_priority_is_asked_for_in_one_go()
    {
        var rig = await ArchivedRig.CreateAsync(
            25, margins: RehydrationMargins.Default with { MostHighBytes = 1 });
        var times = new HashSet<DateTimeOffset>();
        rig.Process.Trace = operation =>
        {
            if (operation.Kind == StoreOperationKind.Copy)
                lock (times) times.Add(rig.Time.GetUtcNow());
        };
        await ArchivedRig.RestoreAsync(rig, ArchivedRig.Input(RehydrationWish.Standard));

        Assert.InRange(times.Max() - times.Min(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        await ArchivedRig.CheckRestoredAsync(rig, 4, "in one go");
    }

    [Theory]
    [InlineData(RehydrationSettings.Copy)]
    [InlineData(RehydrationSettings.Tier)]
    public async Task What_replaces_the_deltas_meanwhile_is_found_and_restored(string way)
    {
        var made = await ArchivedRig.CreateAsync(26, way);
        var (baseContents, deltaContents) = (made.Base.Freeze(), made.Delta.Freeze());
        var met = 0;
        for (var at = 1; met * 10 >= at - 10; at += 10)
        {
            made.Base.Restore(baseContents);
            made.Delta.Restore(deltaContents);
            made.Targets.Clear();
            made.NewLife();
            if (await MovedAtAsync(made, at)) met++;
            await ArchivedRig.CheckRestoredAsync(made, 2, $"{way}, moved at look {at}");
        }
        output.WriteLine($"moved at {met} moments");
        Assert.InRange(met, 5, 1000);
    }

    /// <summary>
    /// A restore stands still at one of its looks while another job needs the forward deltas to
    /// move the base, and archives what it made; whether the restore came to that look.
    /// </summary>
    private static async Task<bool> MovedAtAsync(Rig rig, int at)
    {
        var (looks, pause) = (0, new StorePause());
        rig.Process.Faults = operation =>
            // Not the runner's own looks for a wish to end, beside which the restore goes on.
            operation.Kind == StoreOperationKind.Find
            && operation.Name.StartsWith("machines/", StringComparison.Ordinal)
            && Interlocked.Increment(ref looks) == at
                ? StoreFault.PauseBefore(pause) : StoreFault.None;
        var restored = ArchivedRig.RestoreAsync(
            rig, ArchivedRig.Input(RehydrationWish.Standard, version: 2));
        var isMet = await Task.WhenAny(pause.Reached, restored) != restored;
        if (isMet)
        {
            var process = new SimulatedProcess();
            await MoveAsync(rig, rig.LifeOf(process), process);
            pause.Resume();
        }
        await restored;
        rig.Process.Faults = _ => StoreFault.None;
        return isMet;
    }

    [Fact]
    public async Task A_target_that_cannot_be_made_is_told_before_anything_is_asked_for()
    {
        var rig = await ArchivedRig.CreateAsync(27);
        rig.Targets[ArchivedRig.Target] = [1, 2, 3];
        var error = await Assert.ThrowsAsync<StepFailedException>(() => ArchivedRig.RestoreAsync(
            rig, ArchivedRig.Input(RehydrationWish.High) with { Overwrite = false }));

        Assert.Contains("exists", error.Code, StringComparison.Ordinal);
        Assert.Equal(0, Count(rig, StoreOperationKind.Copy));
        await ArchivedRig.CheckNothingLeftAsync(rig, "refused");
    }

    [Fact]
    public async Task Of_a_job_that_is_lost_the_copies_go_with_their_time()
    {
        var rig = await ArchivedRig.CreateAsync(28);
        rig.Process.Faults = operation =>
            ArchivedRig.Copies(rig).Count > 2 && operation.Kind == StoreOperationKind.Put
                ? StoreFault.CrashAfter : StoreFault.None;
        await Assert.ThrowsAnyAsync<Exception>(
            () => ArchivedRig.RestoreAsync(rig, ArchivedRig.Input(RehydrationWish.High)));
        rig.Process.Restart();
        rig.NewLife();
        Assert.NotEmpty(ArchivedRig.Copies(rig));
        await ListedObjects(rig, "just lost");

        rig.Time.Advance(RehydrationMargins.Default.LostJobTime - TimeSpan.FromHours(30));
        await SweepAsync(rig);
        Assert.NotEmpty(ArchivedRig.Copies(rig));
        rig.Time.Advance(TimeSpan.FromHours(31));
        await SweepAsync(rig);
        await ListedObjects(rig, "retired");
        rig.Time.Advance(TimeSpan.FromHours(1));
        await SweepAsync(rig);
        await ArchivedRig.CheckNothingLeftAsync(rig, "swept");
    }

    [Theory]
    [InlineData(RehydrationSettings.Copy)]
    [InlineData(RehydrationSettings.Tier)]
    public async Task Cancelled_at_any_store_operation_it_leaves_nothing(string way)
    {
        var rig = await ArchivedRig.CreateAsync(29, way);
        var (baseContents, deltaContents) = (rig.Base.Freeze(), rig.Delta.Freeze());
        var (cancelled, completed) = (0, 0);
        Task? asking;
        // Up to the first operation that the job does not come to any more.
        for (var at = 1; ; at++)
        {
            rig.Base.Restore(baseContents);
            rig.Delta.Restore(deltaContents);
            rig.Targets.Clear();
            var life = rig.NewLife();
            var last = rig.Process.Operations + at;
            var pause = new StorePause();
            asking = null;
            rig.Process.Faults = operation =>
            {
                if (operation.Number != last) return StoreFault.None;
                // The operation waits until the job was asked: else the job could be done before.
                asking = Task.Run(() => AskAsync(life, pause));
                return StoreFault.PauseBefore(pause);
            };
            try
            {
                await ArchivedRig.RestoreAsync(rig, ArchivedRig.Input(RehydrationWish.High), "job");
                completed++;
            }
            catch (JobCancelledException)
            {
                cancelled++;
                Assert.Empty(rig.Targets.Names);
            }
            rig.Process.Faults = null;
            if (asking is not null) await asking;
            await ArchivedRig.CheckNothingLeftAsync(rig, $"cancelled at operation {at}");
            if (asking is null) break;
        }
        output.WriteLine($"{cancelled} cancelled, {completed} completed");
        Assert.InRange(cancelled, 40, 5000);
    }
}
