using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Check;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Repairing;

/// <summary>
/// One stored byte is turned round, or an object is lost; what a verification finds is repaired
/// where the bytes are still somewhere, and told as lost where they are not.
/// </summary>
public sealed class RepairTests(ITestOutputHelper output)
{
    private const int Positions = 15;

    [Theory]
    [InlineData(".idx", false, false)]
    [InlineData("merged-", false, false)]
    [InlineData(".dat", true, false)]
    [InlineData("base", true, false)]
    [InlineData(".idx", false, true)]
    [InlineData("merged-", false, true)]
    [InlineData(".dat", true, true)]
    public async Task What_is_damaged_is_found_and_mended(string kind, bool hasImages, bool isLost)
    {
        var (rig, images) = await PreparedAsync();
        var random = new Random(kind.Length + (isLost ? 100 : 0));
        var store = kind is "base" ? rig.Base : rig.Delta;
        var (frozenBase, frozenDelta) = (rig.Base.Freeze(), rig.Delta.Freeze());
        var names = store.Fingerprint("machines/vm/disks/").Select(f => f.Name)
            .Where(n => IsOf(n, kind)).ToList();
        var repaired = 0;
        for (var i = 0; i < Positions; i++)
        {
            rig.Base.Restore(frozenBase);
            rig.Delta.Restore(frozenDelta);
            rig.NewLife();
            var name = names[random.Next(names.Count)];
            var length = store.Peek(name)!.Length;
            var most = kind is "base" ? length - FooterBytes(rig, name) : length;
            var offset = random.Next(most);
            if (isLost) await store.DeleteAsync(name, ifMatch: null, CancellationToken.None);
            else store.FlipByte(name, offset);
            var where = isLost ? $"{name} is gone" : $"byte {offset} of {name}";
            var sound = store.Peek(name);

            Assert.True(await ErrorsAsync(rig) > 0, $"{where} was not found");
            var result = await RepairAsync(rig, hasImages ? images : []);

            Assert.True(
                result.Lost == 0 && result.Repaired == 1,
                $"{where}: {result.Repaired} mended, lost: {string.Join(", ", result.Losses)}");
            Assert.Equal(0, await ErrorsAsync(rig));
            rig.NewLife();
            await rig.CheckAsync(where);
            await ListedObjects.CheckAsync(rig, where);
            Assert.NotEqual(sound, store.Peek(name));
            repaired++;
        }
        output.WriteLine($"{repaired} of {Positions} mended");
    }

    [Fact]
    public async Task Without_any_other_copy_the_versions_and_ranges_are_told_and_nothing_changes()
    {
        var rig = new Rig();
        await rig.SetRuleAsync(BaseRuleSettings.Newest, 1);
        await rig.IngestAsync(("disk0", Noise(1)));
        var name = ObjectNames.Base(new ShardKey(Rig.Machine, "disk0", 0));
        rig.Base.FlipByte(name, 7);
        var before = rig.Base.Peek(name);

        var result = await RepairAsync(rig, []);

        Assert.Equal((0, 1), (result.Repaired, result.Lost));
        var lost = Assert.Single(result.Losses);
        Assert.Equal(name, lost.Object);
        Assert.Matches("^bytes [0-9]+ to [0-9]+ of disk 'disk0'$", lost.Expected);
        Assert.Contains("no other copy", lost.Found, StringComparison.Ordinal);
        Assert.Equal("1", lost.Versions);
        Assert.Equal(before, rig.Base.Peek(name));
    }

    [Fact]
    public async Task A_footer_that_is_damaged_is_told_as_lost()
    {
        var (rig, images) = await PreparedAsync();
        var name = ObjectNames.Base(new ShardKey(Rig.Machine, "disk0", 1));
        rig.Base.FlipByte(name, rig.Base.Peek(name)!.Length - 40);

        var result = await RepairAsync(rig, images);

        Assert.Equal((0, 1), (result.Repaired, result.Lost));
        Assert.Contains("footer", result.Losses[0].Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_that_another_version_has_too_is_mended_without_any_image()
    {
        var rig = new Rig();
        await rig.SetRuleAsync(BaseRuleSettings.Newest, 1);
        var (first, second) = (Noise(1), Noise(2));
        await rig.IngestAsync(("disk0", first));
        await rig.IngestAsync(("disk0", second));
        await rig.IngestAsync(("disk0", first));
        var data = rig.Delta.Fingerprint("machines/vm/disks/disk0/").Select(f => f.Name)
            .Where(n => n.EndsWith(".dat", StringComparison.Ordinal))
            .Single(n => n.Contains("00000002-00000001", StringComparison.Ordinal));
        rig.Delta.FlipByte(data, 5);

        var result = await RepairAsync(rig, []);

        Assert.Equal((1, 0), (result.Repaired, result.Lost));
        Assert.Contains("the same block", Assert.Single(result.Repairs), StringComparison.Ordinal);
        rig.NewLife();
        await rig.CheckAsync("mended from another version");
    }

    [Fact]
    public async Task A_sound_machine_is_left_as_it_is()
    {
        var (rig, images) = await PreparedAsync();
        var before = Objects(rig);
        var result = await RepairAsync(rig, images);
        Assert.Equal((0, 0), (result.Repaired, result.Lost));
        Assert.Equal(5, result.Shards);
        Assert.Equal(before, Objects(rig));
    }

    private static byte[] Noise(int seed)
    {
        var content = new byte[8 * 1024];
        new Random(seed).NextBytes(content);
        return content;
    }

    private static List<string> Objects(Rig rig) =>
        [.. new[] { rig.Base, rig.Delta }.SelectMany(
            s => s.Fingerprint("machines/vm/disks/").Select(f => f.ToString()))];

    private static async Task<(Rig Rig, List<RepairImage> Images)> PreparedAsync()
    {
        var (rig, _) = await Scenes.PreparedAsync(BaseRuleSettings.Newest, 17);
        var images = new List<RepairImage>();
        foreach (var (version, contents) in rig.Model)
        {
            foreach (var (disk, content) in contents)
            {
                rig.Sources.Add($"kept-{version}-{disk}", content);
                images.Add(new RepairImage(disk, $"kept-{version}-{disk}"));
            }
        }
        return (rig, images);
    }

    private static bool IsOf(string name, string kind) => kind switch
    {
        "base" => name.EndsWith("/base", StringComparison.Ordinal),
        "merged-" => name.Contains("/merged-", StringComparison.Ordinal),
        // Forward deltas that the base has passed are retired: nobody looks at them.
        _ => name.EndsWith(kind, StringComparison.Ordinal)
            && ObjectNames.TryParseDelta(name, out var _, out var key) && !key.IsForward,
    };

    private static int FooterBytes(Rig rig, string name)
    {
        var bytes = rig.Base.Peek(name)!;
        return SnapshotFunctions.Engine.Format.BaseFooter.LengthFrom(bytes, name);
    }

    private static async Task<RepairTally> RepairAsync(Rig rig, List<RepairImage> images) =>
        (await rig.Life.RunAsync(
            RepairNames.Repair, new RepairInput(Rig.Machine, null, images), rig.NextJob(),
            Rig.Machine)).Tally;

    private static async Task<long> ErrorsAsync(Rig rig)
    {
        var result = await new InlineContext(
            CheckParts.Flows(rig.Options), CheckParts.Steps(rig.Life.Services))
            .RunFlowAsync(
                CheckNames.Verify, new VerifyInput(Rig.Machine, CheckDepth.Full));
        return result.Tally.Errors;
    }
}
