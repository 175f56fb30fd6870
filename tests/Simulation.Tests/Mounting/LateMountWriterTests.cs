using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Mounting;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Steps.Mounting;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Mounting;

/// <summary>
/// Writers that stall while a mount is committed or dropped: none is acknowledged, and what is made
/// of the mount is whole with or without their bytes.
/// </summary>
public sealed class LateMountWriterTests
{
    private const string Clone = "copy";
    private const int Written0 = 100;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>In a chunk that was written to, and in one that was not.</summary>
    public static TheoryData<int> Places => [Written0 + 50, 20_000];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task One_that_wakes_up_when_the_mount_is_gone_leaves_nothing(int place)
    {
        var (rig, mount, contents) = await PreparedAsync();
        var (asleep, pause, _) = await StalledAsync(rig, mount, place, after: false);
        var result = await CommitAsync(rig.Life, rig, mount, Clone);
        Assert.Equal((Clone, 2), (result.Machine, result.Version));
        pause.Resume();
        await Assert.ThrowsAsync<NoSuchException>(() => asleep.WaitAsync(Patience));
        Assert.Empty(rig.Base.Names(ObjectNames.Mounts(Rig.Machine)));
        await CommittedMount.CheckAsync(rig, Clone, 2, contents, "woke up late");
        await rig.CheckAsync("the versions");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task One_that_is_later_than_the_seal_does_not_tear_what_is_ingested(int place)
    {
        var (rig, mount, contents) = await PreparedAsync();
        var (asleep, pause, late) = await StalledAsync(rig, mount, place, after: false);
        var process = new SimulatedProcess();
        var sealing = Written.PauseAt(
            process, StoreOperationKind.Put,
            n => n.EndsWith("/seals/0-1.json", StringComparison.Ordinal), after: true);
        var names = new HashSet<string>(StringComparer.Ordinal);
        process.Trace = o =>
        {
            lock (names) names.Add(o.Name);
        };
        var committing = CommitAsync(rig.LifeOf(process), rig, mount, Clone);
        await sealing.Reached.WaitAsync(Patience);
        pause.Resume();
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => asleep.WaitAsync(Patience));
        Assert.Equal("mount-state", refused.Reason);
        sealing.Resume();
        var result = await committing.WaitAsync(Patience);
        // It replaced what was sealed, so that another seal was made; a new chunk is in none.
        var isReplaced = place < 16_384;
        if (isReplaced) late.CopyTo(contents["disk0"], place);
        Assert.Equal(
            isReplaced, names.Contains(ObjectNames.MountSeal(Rig.Machine, mount.Id, "0-2")));
        // The number of an ingest that was ended is not given again.
        Assert.Equal(isReplaced ? 3 : 2, result.Version);
        await CommittedMount.CheckAsync(
            rig, Clone, 2, contents, "later than the seal", result.Version);
        Assert.Empty(rig.Base.Names(ObjectNames.Mounts(Rig.Machine)));
        await rig.CheckAsync("the versions");
    }

    [Fact]
    public async Task One_that_wrote_before_the_freeze_and_looks_after_it_is_not_acknowledged()
    {
        var (rig, mount, contents) = await PreparedAsync();
        var (asleep, pause, late) = await StalledAsync(rig, mount, 300, after: true);
        await CommitAsync(rig.Life, rig, mount, Clone);
        pause.Resume();
        await Assert.ThrowsAsync<NoSuchException>(() => asleep.WaitAsync(Patience));
        late.CopyTo(contents["disk0"], 300);
        await CommittedMount.CheckAsync(rig, Clone, 2, contents, "looked late");
    }

    [Fact]
    public async Task A_commit_that_fails_opens_the_mount_again_and_acknowledges_nobody_before()
    {
        var (rig, mount, contents) = await PreparedAsync();
        await rig.Life.Manifests.CreateAsync(
            "taken", Rig.Tiny, MachinePolicy.Default);
        var (asleep, pause, late) = await StalledAsync(rig, mount, 20_000, after: false);
        var failed = await Assert.ThrowsAsync<StepFailedException>(
            () => CommitAsync(rig.Life, rig, mount, "taken"));
        Assert.Equal("refused-machine-exists", failed.Code);
        var open = await rig.Life.Services.Mounts.Records.LoadAsync(Rig.Machine, mount.Id, None);
        Assert.Equal((MountState.Open, 1, null), (open.State, open.Generation, open.Job));
        pause.Resume();
        await Assert.ThrowsAsync<RefusedException>(() => asleep.WaitAsync(Patience));
        // Its bytes may be there, as those of any write that was not acknowledged.
        late.CopyTo(contents["disk0"], 20_000);
        // A late twin of the failed job's first step freezes nothing.
        var twin = new FreezeMountInput(Rig.Machine, mount.Id, open.FailedJob!, "taken");
        await Assert.ThrowsAsync<RefusedException>(
            () => new FreezeMountStep(rig.Life.Services).RunAsync(twin, None));
        byte[] more = [7, 8, 9];
        await Written.WriteAsync(rig.Life, mount, "disk0", 5, more);
        more.CopyTo(contents["disk0"], 5);
        await CommitAsync(rig.Life, rig, mount, Clone);
        await CommittedMount.CheckAsync(rig, Clone, 2, contents, "the second commit");
    }

    [Fact]
    public async Task Late_twins_of_every_step_change_nothing_and_one_job_alone_commits()
    {
        var (rig, mount, contents) = await PreparedAsync();
        var services = rig.Life.Services;
        var freeze = new FreezeMountInput(Rig.Machine, mount.Id, "first", Clone);
        var frozen = await new FreezeMountStep(services).RunAsync(freeze, None);
        var again = await new FreezeMountStep(services).RunAsync(freeze, None);
        Assert.Equal((frozen.Version, frozen.Generation), (again.Version, again.Generation));
        await Assert.ThrowsAsync<RefusedException>(() => new FreezeMountStep(services).RunAsync(
            freeze with { Job = "second" }, None));
        await Assert.ThrowsAsync<RefusedException>(
            () => services.Mounts.DiscardAsync(Rig.Machine, mount.Id, None));
        var seal = new SealMountInput(Rig.Machine, mount.Id, "first", "0-1");
        await new SealMountStep(services).RunAsync(seal, None);
        var sealedAs = rig.Base.Peek(ObjectNames.MountSeal(Rig.Machine, mount.Id, "0-1"));
        var other = new MountJobInput(Rig.Machine, mount.Id, "second");
        await new ReopenMountStep(services).RunAsync(other, None);
        await Assert.ThrowsAsync<RefusedException>(
            () => new CloseMountStep(services).RunAsync(other, None));
        await Assert.ThrowsAsync<RefusedException>(
            () => new SealMountStep(services).RunAsync(seal with { Job = "second" }, None));
        var first = other with { Job = "first" };
        await new ReopenMountStep(services).RunAsync(first, None);
        await Written.WriteAsync(rig.Life, mount, "disk0", 0, new byte[300]);
        contents["disk0"].AsSpan(0, 300).Clear();
        // The first job's later steps come when the mount is open again, or another's.
        await Assert.ThrowsAsync<RefusedException>(
            () => new SealMountStep(services).RunAsync(seal, None));
        await Assert.ThrowsAsync<RefusedException>(
            () => new CloseMountStep(services).RunAsync(first, None));
        Assert.Equal(
            sealedAs, rig.Base.Peek(ObjectNames.MountSeal(Rig.Machine, mount.Id, "0-1")));
        await Assert.ThrowsAsync<InvalidImageException>(async () => await services.Sources.OpenAsync(
            StoredSources.OfMount(Rig.Machine, mount.Id, "0-1", "disk0"), null, None));
        await CommitAsync(rig.Life, rig, mount, Clone);
        Assert.True(await new CloseMountStep(services).RunAsync(first, None));
        Assert.False(await new ReopenMountStep(services).RunAsync(first, None));
        await CommittedMount.CheckAsync(rig, Clone, 2, contents, "after all twins");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_of_a_mount_that_is_dropped_gets_an_error_and_not_the_version(
        bool lists)
    {
        var (rig, mount, _) = await PreparedAsync();
        var process = new SimulatedProcess();
        var pause = Written.PauseAt(
            process, lists ? StoreOperationKind.List : StoreOperationKind.ReadWhole,
            n => n.Contains("/disks/disk0/0", StringComparison.Ordinal)
                && ObjectNames.TryParseMount(n, out _, out _), after: false);
        var reading = Written.ReadAsync(rig.LifeOf(process), mount, "disk0", lists);
        await pause.Reached.WaitAsync(Patience);
        await rig.Life.Services.Mounts.DiscardAsync(Rig.Machine, mount.Id, None);
        pause.Resume();
        await Assert.ThrowsAsync<NoSuchException>(() => reading.WaitAsync(Patience));
    }

    private static Task<CommitMountResult> CommitAsync(
        Life life, Rig rig, MountRecord mount, string clone) =>
        life.RunAsync(
            MountNames.Commit, new CommitMountInput(Rig.Machine, mount.Id, clone), rig.NextJob(),
            Rig.Machine);

    private static async Task<(Rig Rig, MountRecord Mount, Dictionary<string, byte[]> Contents)>
        PreparedAsync()
    {
        var (rig, disks) = await Scenes.PreparedAsync(
            BaseRuleSettings.Newest, 3, hasFiles: true);
        var mount = await rig.Life.Services.Mounts.OpenAsync(
            Rig.Machine, 2, Written.NewId(77), None);
        var contents = rig.Model[2].ToDictionary(
            d => d.Key, d => (byte[])d.Value.Clone(), StringComparer.Ordinal);
        var bytes = disks.Random(900);
        await Written.WriteAsync(rig.Life, mount, "disk0", Written0, bytes);
        bytes.CopyTo(contents["disk0"], Written0);
        return (rig, mount, contents);
    }

    /// <summary>A writer of another process that stalls at its first chunk.</summary>
    private static async Task<(Task Asleep, StorePause Pause, byte[] Bytes)> StalledAsync(
        Rig rig, MountRecord mount, int place, bool after)
    {
        var process = new SimulatedProcess();
        var pause = Written.PauseAt(
            process, StoreOperationKind.Put, n => ObjectNames.TryParseMount(n, out _, out _), after);
        byte[] bytes = [.. Enumerable.Range(1, 300).Select(i => (byte)(i | 1))];
        var asleep = Written.WriteAsync(rig.LifeOf(process), mount, "disk0", place, bytes);
        await pause.Reached.WaitAsync(Patience);
        return (asleep, pause, bytes);
    }
}
