using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Cloning;

/// <summary>Manifests of clones and of their origins are lost and made anew.</summary>
public sealed class CloneRebuildTests
{
    /// <summary>How a clone has lived before its manifest is lost.</summary>
    public static TheoryData<string, bool> Lives()
    {
        var lives = new TheoryData<string, bool>();
        foreach (var hasCopies in new[] { true, false })
            foreach (var life in new[]
            {
                "untouched", "newest", "after-forwards", "back at the first", "first expired",
                "flattened", "of a second machine of its name",
            })
                lives.Add(life, hasCopies);
        return lives;
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task A_clone_comes_back_with_its_versions_and_its_origin(
        string life, bool hasCopies)
    {
        var rig = await LivedAsync(life);
        var before = await VersionsAsync(rig, "copy");
        var origin = (await rig.Rig.Life.Manifests.LoadAsync("copy")).Head.Origin;
        Assert.Equal(life is "flattened", origin is null);
        await LoseAsync(rig, "copy", hasCopies);

        await RebuildAsync(rig, hasCopies ? "copy" : "objects");

        rig.Rig.NewLife();
        var head = (await rig.Rig.Life.Manifests.LoadAsync("copy")).Head;
        Assert.Equal(origin?.Fingerprint, head.Origin?.Fingerprint);
        Assert.Equal(origin?.Job, head.Origin?.Job);
        var after = await VersionsAsync(rig, "copy");
        Assert.Equal(
            before.Select(v => (v.Number, v.Fingerprint, v.Time, v.Label)),
            after.Select(v => (v.Number, v.Fingerprint, v.Time, v.Label)));
        await rig.CheckAsync("rebuilt");
        var disk = (byte[])rig.Model("copy").Values.Last().Clone();
        CloneRig.Change(disk, new Random(31));
        await rig.IngestAsync("copy", disk);
        await rig.ConsolidateAsync("copy", 0);
        await rig.FlattenAsync("copy");
        await rig.CheckAsync("and it goes on");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rebuilt_origin_keeps_what_its_clones_rest_on(bool hasCopies)
    {
        var rig = await LivedAsync("newest");
        await LoseAsync(rig, "golden", hasCopies);
        await RebuildAsync(rig, hasCopies ? "copy" : "objects");
        rig.Rig.NewLife();
        var pin = Assert.Single((await rig.Rig.Life.Manifests.LoadAsync("golden")).Head.Pins!);
        Assert.Equal((2, "copy"), (pin.Version, OriginRecord.CloneOf(pin.Owner)));
        await rig.CheckAsync("rebuilt origin");
    }

    [Fact]
    public async Task An_origin_and_its_clone_that_are_both_lost_find_each_other_again()
    {
        var rig = await LivedAsync("after-forwards");
        await LoseAsync(rig, "golden", hasCopies: false);
        await LoseAsync(rig, "copy", hasCopies: false);
        await rig.Rig.Life.RunAsync(
            CheckNames.RebuildCatalog, new RebuildInput(null), rig.Rig.NextJob(), "golden");
        rig.Rig.NewLife();
        Assert.Single((await rig.Rig.Life.Manifests.LoadAsync("golden")).Head.Pins!);
        await rig.CheckAsync("both rebuilt");
    }

    [Fact]
    public async Task A_machine_that_is_being_deleted_is_not_brought_back()
    {
        var rig = await LivedAsync("newest");
        await rig.PurgeAsync("copy");
        var since = (await rig.Rig.Life.Manifests.LoadAsync("copy")).Head.Purged;
        await new Engine.Steps.Purging.DeleteHeadStep(rig.Rig.Life.Services).RunAsync(
            new Engine.Steps.Purging.PurgeStepInput("copy", since), CancellationToken.None);
        await RebuildAsync(rig, "nothing");
        Assert.Null(await rig.Rig.Life.Manifests.FindAsync("copy"));
        Assert.True((await rig.PurgeAsync("copy")).IsGone);
        rig.Forget("copy");
        await rig.CheckAsync("deleted");
    }

    private static async Task<CloneRig> LivedAsync(string life)
    {
        var rig = CloneRig.New();
        var random = new Random(21);
        var disk = CloneRig.NewDisk(3);
        var rule = life is "after-forwards" or "first expired" ? "after-forwards" : "newest";
        for (var i = 0; i < 3; i++)
        {
            CloneRig.Change(disk, random);
            await rig.IngestAsync("golden", disk, i == 0 ? rule : null);
        }
        if (life is "of a second machine of its name")
        {
            await rig.IngestAsync("copy", disk);
            await rig.PurgeAsync("copy", atOnce: true);
            rig.Forget("copy");
        }
        await rig.CloneAsync("golden", 2, "copy");
        if (life is "untouched") return rig;
        disk = (byte[])rig.Model("copy").Values.Last().Clone();
        for (var i = 0; i < 3; i++)
        {
            // The middle shard is left alone, and a block of the first is cleared.
            random.NextBytes(disk.AsSpan(3_000, 900));
            disk.AsSpan(6_144, 1_024).Clear();
            random.NextBytes(disk.AsSpan(34_000, 200));
            await rig.IngestAsync("copy", disk);
        }
        if (life is "back at the first")
            await rig.ConsolidateAsync("copy", rig.Model("copy").Keys.First());
        if (life is "first expired")
        {
            await rig.ConsolidateAsync("copy", 4);
            await rig.ExpireAsync("copy", 1);
            rig.Rig.Time.Advance(TimeSpan.FromHours(1));
            await rig.SweepAsync();
        }
        if (life is "flattened") await rig.FlattenAsync("copy");
        return rig;
    }

    private static async Task LoseAsync(CloneRig rig, string machine, bool hasCopies)
    {
        foreach (var store in new[] { rig.Rig.Base, rig.Rig.Delta })
            foreach (var name in store.Names($"machines/{machine}/").ToList())
            {
                var rest = name[$"machines/{machine}/".Length..];
                var isLost = rest is "head.json" || (!hasCopies && (
                    rest.StartsWith("heads/", StringComparison.Ordinal)
                    || rest.StartsWith("tables/", StringComparison.Ordinal)
                    || rest.StartsWith("pages/", StringComparison.Ordinal)));
                if (isLost) await store.DeleteAsync(name, null, CancellationToken.None);
            }
        rig.Rig.NewLife();
    }

    private static async Task RebuildAsync(CloneRig rig, string source)
    {
        var result = await rig.Rig.Life.RunAsync(
            CheckNames.RebuildCatalog, new RebuildInput(null), rig.Rig.NextJob(), "golden");
        Assert.Single(
            result.Machines, m => string.Equals(m.Source, source, StringComparison.Ordinal));
    }

    private static async Task<List<VersionRecord>> VersionsAsync(CloneRig rig, string machine)
    {
        var manifest = await rig.Rig.Life.Manifests.LoadAsync(machine);
        var versions = new List<VersionRecord>();
        await foreach (var version in manifest.VersionsAsync())
            if (version.State == VersionState.Ready) versions.Add(version);
        return versions;
    }
}
