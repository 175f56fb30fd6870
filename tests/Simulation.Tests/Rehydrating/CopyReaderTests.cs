using System.Collections.Concurrent;
using System.Text.Json;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Rehydrating;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.SimulationTests.Stalls;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Rehydrating;

/// <summary>Readers find copies of archived objects, and lose nothing when these go.</summary>
public sealed class CopyReaderTests
{
    [Fact]
    public async Task A_view_that_was_open_before_reads_the_copies_and_remembers_them()
    {
        var rig = await ArchivedRig.CreateAsync(51);
        var view = await rig.Life.Services.Views.OpenAsync(
            Rig.Machine, 4, ArchivedRig.Disk, CancellationToken.None);
        var expected = rig.Model[4][ArchivedRig.Disk];
        var found = new byte[expected.Length];
        await Assert.ThrowsAsync<ObjectArchivedException>(() => view.ReadAsync(0, found));
        await RehydrateAsync(rig);
        await view.ReadAsync(0, found);
        Assert.Equal(expected, found);

        var reads = new List<StoreOperation>();
        rig.Process.Trace = operation =>
        {
            lock (reads) reads.Add(operation);
        };
        Array.Clear(found);
        await view.ReadAsync(0, found);
        rig.Process.Trace = null;
        Assert.Equal(expected, found);
        Assert.All(
            reads.Where(r => r.Name.EndsWith(".dat", StringComparison.Ordinal)),
            r => Assert.True(
                r.Kind == StoreOperationKind.Read && ArchivedRig.IsCopy(r.Name), $"{r}"));
    }

    [Fact]
    public async Task When_the_copies_go_a_reader_is_told_that_the_data_is_archived()
    {
        var rig = await ArchivedRig.CreateAsync(52);
        await RehydrateAsync(rig);
        var view = await rig.Life.Services.Views.OpenAsync(
            Rig.Machine, 4, ArchivedRig.Disk, CancellationToken.None);
        var found = new byte[rig.Model[4][ArchivedRig.Disk].Length];
        await view.ReadAsync(0, found);
        var step = new EndRehydrationStep(rig.Life.Services);
        var record = (await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Rehydrated!.Single();
        await step.RunAsync(
            new EndRehydrationInput(Rig.Machine, record.Job, record.Operation),
            CancellationToken.None);
        await Assert.ThrowsAsync<ObjectArchivedException>(() => view.ReadAsync(0, found));
        await ArchivedRig.CheckNothingLeftAsync(rig, "ended");

        await RehydrateAsync(rig);
        Array.Clear(found);
        await view.ReadAsync(0, found);
        Assert.Equal(rig.Model[4][ArchivedRig.Disk], found);
    }

    [Fact]
    public async Task A_restore_uses_the_copies_that_readers_have_and_lets_them_keep_them()
    {
        var rig = await ArchivedRig.CreateAsync(53);
        await RehydrateAsync(rig);
        var copies = ArchivedRig.Copies(rig);
        var result = await ArchivedRig.RestoreAsync(rig, ArchivedRig.Input(null));
        Assert.Equal(0, result.RehydratedObjects);
        Assert.Equal(rig.Model[4][ArchivedRig.Disk], rig.Targets[ArchivedRig.Target]);
        Assert.Equal(copies, ArchivedRig.Copies(rig));
    }

    [Fact]
    public async Task Steps_that_come_again_long_after_change_nothing()
    {
        var rig = await ArchivedRig.CreateAsync(54);
        var log = new ConcurrentQueue<(Step Step, string Input)>();
        var context = new ScriptedContext(
            rig.Life.Steps.Select(s => new RecordingStep(s, log)), rig.Time, "late");
        context.CancelAt = rig.Time.GetUtcNow() + TimeSpan.FromHours(3);
        var flow = RehydrateParts.Flows(rig.Options).Single();
        await Assert.ThrowsAsync<OperationCanceledException>(() => flow.RunJsonAsync(
            context, JsonSerializer.Serialize(
                new RehydrateInput(Rig.Machine, 4), RehydrateNames.Rehydrate.Input)));
        await ArchivedRig.CheckNothingLeftAsync(rig, "ended");
        rig.Time.Advance(TimeSpan.FromHours(2));
        await rig.Life.Manifests.SweepAsync(Rig.Machine, rig.Time.GetUtcNow());
        Assert.InRange(log.Count, 5, 1000);
        foreach (var (step, input) in log.Where(l => l.Step.Name != RehydrationSteps.Open.Name))
        {
            var before = rig.Delta.Fingerprint("machines/");
            try
            {
                await step.RunJsonAsync(input, CancellationToken.None);
            }
            catch (SupersededException)
            {
                // The job has ended: its steps are told so.
            }
            Assert.Equal(before, rig.Delta.Fingerprint("machines/"));
            await ArchivedRig.CheckNothingLeftAsync(rig, step.Name);
        }
    }

    [Fact]
    public async Task A_worker_that_stalls_before_or_after_a_copy_until_its_job_has_ended_leaves_none()
    {
        foreach (var after in new[] { false, true })
        {
            var rig = await ArchivedRig.CreateAsync(55);
            var services = rig.Life.Services;
            var ticket = await new OpenRehydrationStep(services).RunAsync(
                new OpenRehydrationInput(Rig.Machine, "stalled", 4, ArchivedRig.Disk, 1, 1),
                CancellationToken.None);
            var process = new SimulatedProcess();
            var pause = new StorePause();
            process.Faults = operation => operation.Kind != StoreOperationKind.Copy
                ? StoreFault.None
                : after ? StoreFault.PauseAfter(pause) : StoreFault.PauseBefore(pause);
            var worker = new StartRehydrationStep(rig.LifeOf(process).Services);
            var work = worker.RunAsync(
                new StartRehydrationInput(
                    Rig.Machine, ticket, [new ArchivedObject(ArchivedRig.Data(rig)[0], 1)]),
                CancellationToken.None);
            await pause.Reached;
            await new EndRehydrationStep(services).RunAsync(
                new EndRehydrationInput(Rig.Machine, "stalled", ticket.Operation),
                CancellationToken.None);
            rig.Time.Advance(TimeSpan.FromHours(1));
            await services.Manifests.SweepAsync(Rig.Machine, rig.Time.GetUtcNow());
            pause.Resume();
            await Assert.ThrowsAsync<SupersededException>(() => work);
            await ArchivedRig.CheckNothingLeftAsync(rig, $"after: {after}");
        }
    }

    private static Task<RehydrateResult> RehydrateAsync(Rig rig) => rig.Life.RunAsync(
        RehydrateNames.Rehydrate, new RehydrateInput(Rig.Machine, 4, ArchivedRig.Disk),
        rig.NextJob(), Rig.Machine);
}
