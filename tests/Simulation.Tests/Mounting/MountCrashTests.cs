using SnapshotFunctions.Engine.Flows.Mounting;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Mounting;

/// <summary>Faults at every store operation of a mount's life.</summary>
public sealed class MountCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    private const string Clone = "copy";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ITestOutputHelper _output = output;

    [Fact]
    public Task Committing_a_mount_survives_a_crash_anywhere() =>
        EverywhereAsync("commit of a mount", CommitAsync);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Opening_writing_and_dropping_a_mount_survive_a_crash_anywhere(bool after)
    {
        var (rig, disks) = await Scenes.PreparedAsync(BaseRuleSettings.Newest, 2);
        var (atBase, atDelta) = (rig.Base.Freeze(), rig.Delta.Freeze());
        var first = disks.Random(20_000);
        var second = disks.Random(700);
        var runs = 0;
        for (var at = 1L; ; at++)
        {
            rig.Base.Restore(atBase);
            rig.Delta.Restore(atDelta);
            var process = new SimulatedProcess { Faults = SimulatedProcess.CrashAt(at, after) };
            var did = new Progress();
            try
            {
                await LiveAsync(rig.LifeOf(process), did, first, second);
            }
            catch (SimulatedCrashException)
            {
                runs++;
            }
            if (!process.Crashed) break;
            rig.NewLife();
            await CheckAsync(rig, did, first, second, $"crashed at {at}");
        }
        _output.WriteLine($"{runs} crashes");
        Assert.InRange(runs, 20, 200);
    }

    private static async Task LiveAsync(Life life, Progress did, byte[] first, byte[] second)
    {
        var mounts = life.Services.Mounts;
        var mount = await mounts.OpenAsync(Rig.Machine, 1, Written.NewId(1), None);
        did.Opened = true;
        await Written.WriteAsync(life, mount, "disk0", 777, first);
        did.Acknowledged++;
        await Written.WriteAsync(life, mount, "disk0", 16_300, second);
        did.Acknowledged++;
        did.Dropping = true;
        await mounts.DiscardAsync(Rig.Machine, mount.Id, None);
        did.Dropped = true;
    }

    /// <summary>
    /// What was acknowledged is there, each sector is wholly of one write, no pin is without its
    /// record, and what was left is gone once it is dropped again or upkeep comes by.
    /// </summary>
    private static async Task CheckAsync(
        Rig rig, Progress did, byte[] first, byte[] second, string context)
    {
        var mounts = rig.Life.Services.Mounts;
        var found = (await mounts.Records.FindAsync(Rig.Machine, Written.NewId(1), None))?.Record;
        var pins = (await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Pins ?? [];
        Assert.True(pins.Count == 0 || found is not null, $"{context}: a pin without a record");
        Assert.True(
            did.Dropping || !did.Opened || found is { State: MountState.Open }, context);
        if (found is { State: MountState.Open })
        {
            Assert.Equal(found.PinOwner, Assert.Single(pins).Owner);
            await CheckContentAsync(rig, found, did, first, second, context);
        }
        if (did.Dropped) Assert.Null(found);
        if (found is { State: MountState.Opening })
        {
            // The client never learned of it: upkeep takes it away, once nobody can be at it.
            Assert.Equal(0, await mounts.SweepAsync(Rig.Machine, rig.Time.GetUtcNow(), None));
            rig.Time.Advance(MountStore.Patience + TimeSpan.FromMinutes(1));
            Assert.Equal(1, await mounts.SweepAsync(Rig.Machine, rig.Time.GetUtcNow(), None));
        }
        else if (found is not null)
        {
            await mounts.DiscardAsync(Rig.Machine, found.Id, None);
        }
        Assert.Empty(rig.Base.Names(ObjectNames.Mounts(Rig.Machine)));
        Assert.Null((await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Pins);
        await ListedObjects.CheckAsync(rig, context);
        await rig.CheckAsync(context);
    }

    private static async Task CheckContentAsync(
        Rig rig, MountRecord mount, Progress did, byte[] first, byte[] second, string context)
    {
        var below = rig.Model[1]["disk0"];
        var one = (byte[])below.Clone();
        first.CopyTo(one, 777);
        var two = (byte[])one.Clone();
        second.CopyTo(two, 16_300);
        var (old, next) = did.Acknowledged switch
        {
            0 => (below, one), 1 => (one, two), _ => (two, two),
        };
        var found = await Written.ReadAsync(rig.Life, mount, "disk0");
        for (var at = 0; at < found.Length; at += 256)
        {
            var sector = found.AsSpan(at, Math.Min(256, found.Length - at));
            Assert.True(
                sector.SequenceEqual(old.AsSpan(at, sector.Length))
                || sector.SequenceEqual(next.AsSpan(at, sector.Length)),
                $"{context}: the sector at {at} is torn");
        }
    }

    /// <summary>A mount of a version with machine files, written to on both disks.</summary>
    private static async Task<Scene> CommitAsync()
    {
        var (rig, disks) = await Scenes.PreparedAsync(
            BaseRuleSettings.Newest, 3, hasFiles: true);
        var mount = await rig.Life.Services.Mounts.OpenAsync(
            Rig.Machine, 2, Written.NewId(9), None);
        var contents = rig.Model[2].ToDictionary(
            d => d.Key, d => (byte[])d.Value.Clone(), StringComparer.Ordinal);
        foreach (var (disk, at, length) in new[]
        {
            ("disk0", 100, 900), ("disk0", 33_000, 300), ("disk1", 17_000, 100),
        })
        {
            var bytes = disks.Random(length);
            await Written.WriteAsync(rig.Life, mount, disk, at, bytes);
            bytes.CopyTo(contents[disk], at);
        }
        return Scene.Of(
            rig, MountNames.Commit,
            _ => new CommitMountInput(Rig.Machine, mount.Id, Clone, "by a mount"), _ => { },
            async context =>
            {
                await rig.CheckAsync(context);
                await CommittedMount.CheckAsync(rig, Clone, 2, contents, context);
                Assert.Empty(rig.Base.Names(ObjectNames.Mounts(Rig.Machine)));
                var pins = (await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Pins!;
                Assert.StartsWith("clone:", Assert.Single(pins).Owner, StringComparison.Ordinal);
            });
    }

    private sealed class Progress
    {
        public bool Opened { get; set; }

        public int Acknowledged { get; set; }

        public bool Dropping { get; set; }

        public bool Dropped { get; set; }
    }
}
