using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Purging;
using SnapshotFunctions.Engine.Steps.Upkeep;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Cloning;

/// <summary>Machines that are deleted, and those that must not be.</summary>
public sealed class PurgeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("clone", "the clone 'copy'")]
    [InlineData("user", "'user'")]
    [InlineData("hold", "A legal hold")]
    public async Task Who_needs_a_machine_refuses_its_deletion(string who, string told)
    {
        var (rig, _) = await PreparedAsync();
        var manifests = rig.Rig.Life.Manifests;
        if (who is "clone") await rig.CloneAsync("golden", 1, "copy");
        if (who is "user") await Pinning.SetPinAsync(manifests, "golden", 1, true, null, None);
        if (who is "hold") await Pinning.SetHoldAsync(manifests, "golden", true, "a case", None);
        foreach (var atOnce in new[] { false, true })
        {
            var refused = await Assert.ThrowsAsync<StepFailedException>(
                () => rig.PurgeAsync("golden", atOnce));
            Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        }
        var head = (await manifests.LoadAsync("golden")).Head;
        Assert.Null(head.Purged);
        Assert.Null(head.Claim);
        await rig.CheckAsync("refused");
    }

    [Fact]
    public async Task Who_comes_after_the_mark_refuses_the_deletion_too()
    {
        var (rig, _) = await PreparedAsync();
        await rig.PurgeAsync("golden");
        await Pinning.SetPinAsync(rig.Rig.Life.Manifests, "golden", 1, true, null, None);
        rig.Rig.Time.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<StepFailedException>(() => rig.PurgeAsync("golden"));
        await rig.CheckAsync("pinned after the mark");
    }

    [Fact]
    public async Task Who_comes_between_the_last_look_and_the_deletion_keeps_the_machine()
    {
        var (rig, disk) = await PreparedAsync();
        await rig.PurgeAsync("golden");
        var process = new SimulatedProcess();
        var pause = new StorePause();
        process.Faults = operation => operation.Kind == StoreOperationKind.Delete
            && operation.Name.EndsWith("golden/head.json", StringComparison.Ordinal)
            ? StoreFault.PauseBefore(pause) : StoreFault.None;
        var deleting = rig.Rig.LifeOf(process).RunAsync(
            PurgeNames.Purge, new PurgeInput("golden", true), "deleting", "golden");
        await pause.Reached.WaitAsync(TimeSpan.FromSeconds(60));
        await Pinning.SetPinAsync(rig.Rig.Life.Manifests, "golden", 1, true, null, None);
        pause.Resume();
        var refused = await Assert.ThrowsAsync<StepFailedException>(() => deleting);
        Assert.Contains("pinned", refused.Message, StringComparison.Ordinal);
        await rig.PurgeAsync("golden", cancel: true);
        CloneRig.Change(disk, new Random(8));
        await rig.IngestAsync("golden", disk);
        await rig.CheckAsync("kept");

        // What the deletion had noted does not make the machine a deleted one, also without a head.
        foreach (var store in new[] { rig.Rig.Base, rig.Rig.Delta })
            foreach (var name in store.Names("machines/golden/head").ToList())
                await store.DeleteAsync(name, null, None);
        rig.Rig.NewLife();
        await rig.Rig.Life.RunAsync(
            CheckNames.RebuildCatalog, new RebuildInput("golden"), rig.Rig.NextJob(), "golden");
        await rig.CheckAsync("kept and rebuilt");
    }

    [Fact]
    public async Task A_marked_machine_is_read_and_not_changed_until_the_mark_is_taken_back()
    {
        var (rig, disk) = await PreparedAsync();
        var marked = await rig.PurgeAsync("golden");
        Assert.Equal((false, 0L), (marked.IsGone, marked.Objects));
        Assert.Equal(marked.Due, (await rig.PurgeAsync("golden")).Due);
        CloneRig.Change(disk, new Random(8));
        foreach (var change in new Func<Task>[]
        {
            () => rig.IngestAsync("golden", disk), () => rig.ConsolidateAsync("golden", 1),
            () => rig.ExpireAsync("golden", 1), () => rig.UndoAsync("golden"),
            () => rig.FlattenAsync("golden"), () => rig.CloneAsync("golden", 1, "copy"),
        })
        {
            var refused = await Assert.ThrowsAsync<StepFailedException>(change);
            Assert.Contains("is to be deleted since", refused.Message, StringComparison.Ordinal);
        }
        Assert.Null(await rig.Rig.Life.Manifests.FindAsync("copy"));
        await rig.CheckAsync("marked");

        await rig.PurgeAsync("golden", cancel: true);
        await rig.PurgeAsync("golden", cancel: true);
        await rig.IngestAsync("golden", disk);
        await rig.CloneAsync("golden", 1, "copy");
        await rig.CheckAsync("taken back");
    }

    [Fact]
    public async Task Upkeep_deletes_a_marked_machine_when_it_is_due()
    {
        var (rig, _) = await PreparedAsync();
        await rig.CloneAsync("golden", 1, "copy");
        await rig.PurgeAsync("copy");
        Assert.DoesNotContain(UpkeepWords.Purge, await UpkeepAsync(rig, "copy"));
        await rig.CheckAsync("not due yet");
        rig.Rig.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal([UpkeepWords.Purge], await UpkeepAsync(rig, "copy"));
        rig.Forget("copy");
        Assert.Null(await rig.Rig.Life.Manifests.FindAsync("copy"));
        Assert.Null((await rig.Rig.Life.Manifests.LoadAsync("golden")).Head.Pins);
        await rig.CheckAsync("deleted");
    }

    [Fact]
    public async Task A_new_machine_of_the_name_begins_above_the_old_numbers()
    {
        var (rig, disk) = await PreparedAsync();
        await rig.ConsolidateAsync("golden", 1);
        var old = (await rig.Rig.Life.Manifests.LoadAsync("golden")).Head;
        const string Left = "machines/golden/disks/disk0/000002/base";
        var bytes = rig.Rig.Base.Peek(Left)!;
        await rig.PurgeAsync("golden", atOnce: true);
        rig.Forget("golden");
        // The new machine's last shard is zeros; what a late worker brings back must not show.
        disk.AsSpan(30_000).Clear();
        await rig.IngestAsync("golden", disk);
        await rig.Rig.Base.PutAsync(Left, bytes, new WriteOptions(IfAbsent: true), None);
        await rig.CheckAsync("with what was left of the old one");
        var head = (await rig.Rig.Life.Manifests.LoadAsync("golden")).Head;
        Assert.True(head.NextOperation > old.NextOperation && head.Epoch > old.Epoch
            && head.Revision > old.Revision && head.Versions[0].Number >= old.NextVersion);
        disk.AsSpan(35_000, 900).Fill(9);
        await rig.IngestAsync("golden", disk);
        await rig.CheckAsync("made anew");
        await rig.PurgeAsync("golden", atOnce: true);
        rig.Forget("golden");
        await rig.IngestAsync("golden", disk);
        await rig.CheckAsync("made anew again");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task A_deletion_goes_on_without_its_journal(int calls)
    {
        var (rig, disk) = await PreparedAsync();
        await rig.CloneAsync("golden", 1, "copy");
        CloneRig.Change(disk, new Random(8));
        await rig.IngestAsync("copy", disk);
        await rig.PurgeAsync("copy");
        var since = (await rig.Rig.Life.Manifests.LoadAsync("copy")).Head.Purged;
        var input = new PurgeStepInput("copy", since);
        await new DeleteHeadStep(rig.Rig.Life.Services).RunAsync(input, None);
        foreach (var name in rig.Rig.Base.Names("machines/copy/").Take(calls).ToList())
            if (!name.EndsWith("gone.json", StringComparison.Ordinal))
                await rig.Rig.Base.DeleteAsync(name, null, None);
        rig.Forget("copy");
        var refused = await Assert.ThrowsAsync<StepFailedException>(
            () => rig.IngestAsync("copy", disk));
        Assert.Contains("is being deleted", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StepFailedException>(() => rig.PurgeAsync("copy", cancel: true));

        Assert.True((await rig.PurgeAsync("copy")).IsGone);
        Assert.Equal(["machines/copy/gone.json"], rig.Rig.Base.Names("machines/copy/"));
        Assert.Empty(rig.Rig.Delta.Names("machines/copy/"));
        Assert.Null((await rig.Rig.Life.Manifests.LoadAsync("golden")).Head.Pins);
        await rig.IngestAsync("copy", disk);
        await rig.CheckAsync("deleted, and made anew");
    }

    private static async Task<IReadOnlyList<string>> UpkeepAsync(CloneRig rig, string machine)
    {
        var result = await rig.Rig.Life.RunAsync(
            UpkeepNames.Upkeep, new UpkeepInput(machine), rig.Rig.NextJob(), machine);
        Assert.All(result.Parts, p => Assert.True(p.IsDone, p.Text));
        return [.. result.Parts.Select(p => p.Part)];
    }

    private static async Task<(CloneRig Rig, byte[] Disk)> PreparedAsync()
    {
        var rig = CloneRig.New();
        var disk = CloneRig.NewDisk(3);
        for (var i = 0; i < 3; i++)
        {
            CloneRig.Change(disk, new Random(i));
            await rig.IngestAsync("golden", disk, i == 0 ? "newest" : null);
        }
        return (rig, disk);
    }
}
