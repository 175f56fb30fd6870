using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Cloning;

/// <summary>Machines that begin from a version of another one.</summary>
public sealed class CloneTests
{
    private readonly Random _random = new(11);

    [Fact]
    public async Task A_clone_reads_as_its_origin_and_stores_no_block()
    {
        var (rig, _) = await OriginAsync(4);
        var before = rig.Rig.Base.Names("machines/").Count + rig.Rig.Delta.Names("machines/").Count;
        var clone = await rig.CloneAsync("golden", 2, "copy");
        Assert.Equal((1, 2), (clone.Version, clone.OriginVersion));
        var added = rig.Rig.Base.Names("machines/copy/");
        Assert.DoesNotContain(added, n => n.Contains("/disks/", StringComparison.Ordinal));
        Assert.Equal(
            [
                "machines/copy/heads/000000000001.json", "machines/copy/origins/000000000001.json",
            ],
            rig.Rig.Delta.Names("machines/copy/"));
        Assert.Equal(
            before + added.Count + 2,
            rig.Rig.Base.Names("machines/").Count + rig.Rig.Delta.Names("machines/").Count);
        await rig.CheckAsync("cloned");
    }

    [Theory]
    [InlineData(BaseRuleSettings.Newest)]
    [InlineData(BaseRuleSettings.AfterForwards)]
    public async Task A_clone_lives_like_any_machine(string rule)
    {
        var (rig, _) = await OriginAsync(4, rule);
        await rig.CloneAsync("golden", 3, "copy");
        var disk = (byte[])rig.Model("golden")[3].Clone();
        for (var i = 0; i < 5; i++)
        {
            Change(disk);
            await rig.IngestAsync("copy", disk);
        }
        await rig.CheckAsync("ingested");
        await rig.ConsolidateAsync("copy", 6);
        await rig.CheckAsync("consolidated to the newest");
        await rig.ConsolidateAsync("copy", 1);
        await rig.CheckAsync("consolidated to the oldest");
        await rig.ConsolidateAsync("copy", 4);
        await rig.ExpireAsync("copy", 1);
        await rig.CheckAsync("the oldest expired");
        await rig.UndoAsync("copy");
        await rig.ExpireAsync("copy", 3);
        await rig.CheckAsync("undone and expired");
    }

    [Fact]
    public async Task The_oldest_of_a_clone_that_has_no_base_yet_can_expire()
    {
        var (rig, disk) = await OriginAsync(2, BaseRuleSettings.AfterForwards);
        await rig.CloneAsync("golden", 1, "copy");
        for (var i = 0; i < 3; i++)
        {
            Change(disk);
            await rig.IngestAsync("copy", disk);
        }
        await rig.ExpireAsync("copy", 1, 2);
        await rig.CheckAsync("expired");
        await rig.ConsolidateAsync("copy", 4);
        await rig.CheckAsync("consolidated");
    }

    [Fact]
    public async Task An_origin_goes_on_below_its_clones()
    {
        var (rig, disk) = await OriginAsync(4);
        await rig.CloneAsync("golden", 2, "copy");
        for (var i = 0; i < 3; i++)
        {
            Change(disk);
            await rig.IngestAsync("golden", disk);
            await rig.CheckAsync($"origin at {5 + i}");
        }
        await rig.ConsolidateAsync("golden", 1);
        await rig.CheckAsync("the origin's base moved back");
        await rig.ExpireAsync("golden", 1, 3, 4);
        await rig.CheckAsync("the origin's other versions expired");
        var refused = await Assert.ThrowsAsync<StepFailedException>(
            () => rig.ExpireAsync("golden", 2));
        Assert.Contains("pinned by clone:copy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flattened_clone_needs_its_origin_no_more()
    {
        var (rig, disk) = await OriginAsync(3);
        await rig.CloneAsync("golden", 2, "copy");
        await rig.CloneAsync("golden", 2, "other");
        disk = (byte[])rig.Model("golden")[2].Clone();
        Change(disk);
        await rig.IngestAsync("copy", disk);
        foreach (var name in new[] { "copy", "other" })
        {
            var flat = await rig.FlattenAsync(name);
            Assert.Equal(("golden", 2), (flat.OriginMachine, flat.OriginVersion));
            Assert.True(flat.StoredBytes > 0);
        }
        var head = (await rig.Rig.Life.Manifests.LoadAsync("golden")).Head;
        Assert.Null(head.Pins);
        await rig.ExpireAsync("golden", 1, 2);
        await rig.CheckAsync("flattened");
        // Nothing of the origin is needed: its stores may go.
        foreach (var name in rig.Rig.Base.Names("machines/golden/").ToList())
            await rig.Rig.Base.DeleteAsync(name, null, CancellationToken.None);
        foreach (var name in rig.Rig.Delta.Names("machines/golden/").ToList())
            await rig.Rig.Delta.DeleteAsync(name, null, CancellationToken.None);
        rig.Forget("golden");
        await rig.CheckAsync("without the origin");
        Assert.Equal(0, (await rig.FlattenAsync("copy")).StoredBytes);
    }

    [Fact]
    public async Task Clones_of_clones_are_flattened_before_they_lie_too_deep()
    {
        var (rig, disk) = await OriginAsync(2);
        var below = "golden";
        for (var depth = 1; depth <= 6; depth++)
        {
            var name = $"copy{depth}";
            var made = await rig.CloneAsync(below, null, name);
            Assert.Equal(depth == 5, made.Flattened);
            Change(disk);
            await rig.IngestAsync(name, disk);
            await rig.CheckAsync($"depth {depth}");
            below = name;
        }
        var head = (await rig.Rig.Life.Manifests.LoadAsync("copy6")).Head;
        Assert.Equal(2, head.Origin!.Depth);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_and_pins_nothing()
    {
        var (rig, disk) = await OriginAsync(2);
        await rig.IngestAsync("copy", disk);
        var refused = await Assert.ThrowsAsync<StepFailedException>(
            () => rig.CloneAsync("golden", 1, "copy"));
        Assert.Contains("There is a machine 'copy' already", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StepFailedException>(() => rig.CloneAsync("golden", 1, "golden"));
        await Assert.ThrowsAsync<StepFailedException>(() => rig.CloneAsync("golden", 9, "new"));
        await Assert.ThrowsAsync<StepFailedException>(() => rig.CloneAsync("golden", 1, "No Name"));
        Assert.Null((await rig.Rig.Life.Manifests.LoadAsync("golden")).Head.Pins);
        Assert.Null(await rig.Rig.Life.Manifests.FindAsync("new"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Random_lives_of_an_origin_and_its_clones_lose_nothing(int seed)
    {
        var random = new Random(seed);
        var rule = seed % 2 == 0 ? BaseRuleSettings.Newest : BaseRuleSettings.AfterForwards;
        var (rig, _) = await OriginAsync(3, rule);
        List<string> names = ["golden"];
        for (var act = 0; act < 60; act++)
        {
            var name = names[random.Next(names.Count)];
            var model = rig.Model(name);
            var some = model.Keys.ElementAt(random.Next(model.Count));
            var what = random.Next(10);
            var context = $"seed {seed}, act {act}: {what} on {name}, version {some}";
            switch (what)
            {
                case < 4:
                    var disk = (byte[])model[model.Keys.Last()].Clone();
                    CloneRig.Change(disk, random);
                    await rig.IngestAsync(name, disk);
                    break;
                case 4 when names.Count < 6:
                    await rig.CloneAsync(name, some, $"copy{names.Count}");
                    names.Add($"copy{names.Count}");
                    break;
                case 5 or 6:
                    await rig.ConsolidateAsync(name, some);
                    break;
                case 7:
                    await RefusableAsync(() => rig.ExpireAsync(name, some));
                    break;
                case 8:
                    await RefusableAsync(() => rig.UndoAsync(name));
                    break;
                case 9 when random.Next(3) == 0:
                    await rig.FlattenAsync(name);
                    break;
                default:
                    rig.Rig.Time.Advance(TimeSpan.FromMinutes(11));
                    break;
            }
            if (act % 5 == 4) await rig.CheckAsync(context);
        }
        await rig.CheckAsync($"seed {seed}, at the end");
    }

    /// <summary>A version may be pinned, the only one, or the newest: then nothing changes.</summary>
    private static async Task RefusableAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (StepFailedException refused) when (
            refused.Code.StartsWith("refused", StringComparison.Ordinal))
        {
            // What a user would be told.
        }
    }

    private async Task<(CloneRig Rig, byte[] Disk)> OriginAsync(
        int versions, string rule = BaseRuleSettings.Newest)
    {
        var rig = CloneRig.New();
        var disk = new byte[CloneRig.DiskBytes];
        _random.NextBytes(disk.AsSpan(2_000, 30_000));
        for (var i = 0; i < versions; i++)
        {
            if (i > 0) Change(disk);
            await rig.IngestAsync("golden", disk, i == 0 ? rule : null);
        }
        return (rig, disk);
    }

    private void Change(byte[] disk) => CloneRig.Change(disk, _random);
}
