using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Cloning;

/// <summary>
/// The steps by which an ingest makes a new machine run once more, long after: its job has ended,
/// and the machine was deleted since.
/// </summary>
public sealed class LateTurnTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_late_turn_leaves_no_empty_machine_behind(int deletedBefore)
    {
        var rig = CloneRig.New();
        var disk = CloneRig.NewDisk(3);
        for (var i = 0; i < deletedBefore; i++)
        {
            await rig.IngestAsync("second", disk);
            await rig.PurgeAsync("second", atOnce: true);
        }
        var services = rig.Rig.Life.Services;
        var step = new TakeTurnStep(services);
        var first = new TurnInput("second", "job", Create: true);
        var looked = await step.RunAsync(first, default);
        // The first look makes nothing: what it tells leads to the second, which does.
        Assert.NotNull(looked.Gone);
        Assert.Null(await services.Manifests.FindAsync("second"));
        var second = first with { Gone = looked.Gone };
        var made = await step.RunAsync(second, default);
        Assert.Equal((0L, null), (made.Epoch, made.Gone));
        var third = second with { After = made.Seen };
        Assert.NotEqual(0, (await step.RunAsync(third, default)).Epoch);
        await services.Manifests.ReleaseTurnAsync(
            "second", (await services.Manifests.LoadAsync("second")).Head.Epoch);
        await rig.IngestAsync("second", disk);
        await rig.PurgeAsync("second", atOnce: true);
        rig.Forget("second");
        var before = rig.Contents();

        foreach (var input in new[] { first, second })
        {
            var late = await step.RunAsync(input, default);
            Assert.Equal(0, late.Epoch);
            Assert.NotNull(late.Gone);
            Assert.NotEqual(looked.Gone, late.Gone);
        }
        await Assert.ThrowsAsync<NoSuchException>(() => step.RunAsync(third, default));
        Assert.Equal(before, rig.Contents());
        // A job that is only beginning makes it all the same.
        await rig.IngestAsync("second", disk);
        await rig.CheckAsync("made again");
    }

    [Theory]
    [InlineData(StoreOperationKind.ReadWhole, "second/gone.json")]
    [InlineData(StoreOperationKind.Put, "second/head.json")]
    [InlineData(StoreOperationKind.ReadWhole, "second/head.json")]
    public async Task A_worker_that_stalls_while_it_makes_the_machine_leaves_none_either(
        StoreOperationKind kind, string ending)
    {
        // At each look of that kind, until it comes to none any more.
        for (var at = 1; ; at++)
        {
            var rig = CloneRig.New();
            var disk = CloneRig.NewDisk(3);
            var stalled = new SimulatedProcess();
            var pause = StorePause.On(stalled, kind, ending, at);
            var step = new TakeTurnStep(rig.Rig.LifeOf(stalled).Services);
            var input = new TurnInput("second", "stalled", Create: true);
            var gone = (await new TakeTurnStep(rig.Rig.Life.Services).RunAsync(input, default)).Gone;
            var work = Task.Run(() => step.RunAsync(input with { Gone = gone }, default));
            if (await Task.WhenAny(pause.Reached, work) == work)
            {
                await work;
                Assert.InRange(at, 2, 10);
                return;
            }
            await rig.IngestAsync("second", disk);
            await rig.PurgeAsync("second", atOnce: true);
            rig.Forget("second");
            var before = rig.Contents();
            pause.Resume();
            _ = await Record.ExceptionAsync(() => work);
            var left = rig.Contents().Except(before).Select(o => o.Name).ToList();
            Assert.True(left.Count == 0, $"look {at}: {string.Join(", ", left)}");
            await rig.IngestAsync("second", disk);
            await rig.CheckAsync($"look {at}");
        }
    }
}
