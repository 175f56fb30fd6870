using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.SimulationTests.Check;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.SimulationTests.Tiering;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Repairing;

/// <summary>Damage in a pack is mended in place; one that nothing can mend is told.</summary>
public sealed class PackRepairTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_byte_turned_anywhere_in_a_pack_is_mended_by_what_verification_says()
    {
        var rig = await Scenes.PackedAsync();
        var images = Scenes.KeptImages(rig);
        var packs = await TinyTiers.PacksAsync(rig);
        var random = new Random(7);
        var frozen = rig.Delta.Freeze();
        for (var i = 0; i < 40; i++)
        {
            rig.Delta.Restore(frozen);
            rig.NewLife();
            var name = packs[random.Next(packs.Count)].ObjectName(Rig.Machine);
            var sound = rig.Delta.Peek(name)!;
            var offset = random.Next(sound.Length);
            rig.Delta.FlipByte(name, offset);
            var findings = await FindingsAsync(rig);
            Assert.Contains(findings, f => f.Object == name);
            var input = RepairInput.Of(Rig.Machine, findings, images);

            Assert.Equal([name], input!.Packs);
            Assert.Empty(input.Disks!);
            var tally = await RepairAsync(rig, input);
            Assert.True(
                tally is { Repaired: 1, Lost: 0 },
                $"byte {offset} of {name}: {string.Join(", ", tally.Losses)}");
            Assert.Equal(sound, rig.Delta.Peek(name));
            await CheckAsync(rig, StorageTier.Cold, name);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pack_that_is_gone_or_cut_short_is_made_again(bool isGone)
    {
        var rig = await Scenes.PackedAsync();
        var images = Scenes.KeptImages(rig);
        var name = (await TinyTiers.PacksAsync(rig))[1].ObjectName(Rig.Machine);
        var sound = rig.Delta.Peek(name)!;
        var found = (await rig.Delta.FindAsync(name))!;
        if (isGone) await rig.Delta.DeleteAsync(name);
        else await rig.Delta.PutAsync(
            name, sound.AsMemory(0, sound.Length / 2),
            new WriteOptions(Tier: StorageTier.Cold, Metadata: found.Metadata));

        var tally = await RepairAsync(
            rig, RepairInput.Of(Rig.Machine, await FindingsAsync(rig), images)!);

        Assert.Equal((1, 0), (tally.Repaired, tally.Lost));
        Assert.Equal(sound, rig.Delta.Peek(name));
        var made = (await rig.Delta.FindAsync(name))!;
        Assert.Equal(
            found.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal),
            made.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal));
        await CheckAsync(rig, StorageTier.Cold, name);
    }

    [Fact]
    public async Task A_lost_index_comes_back_from_the_pack()
    {
        var rig = await Scenes.PackedAsync();
        var pack = (await TinyTiers.PacksAsync(rig))[0];
        foreach (var name in pack.Members.SelectMany(m => m.Names(Rig.Machine))
            .Where(n => n.EndsWith(".idx", StringComparison.Ordinal)))
        {
            var sound = rig.Delta.Peek(name)!;
            await rig.Delta.DeleteAsync(name);
            rig.NewLife();
            var tally = await RepairAsync(
                rig, RepairInput.Of(Rig.Machine, await FindingsAsync(rig))!);
            Assert.Equal((1, 0), (tally.Repaired, tally.Lost));
            Assert.Equal(sound, rig.Delta.Peek(name));
        }
        await CheckAsync(rig, StorageTier.Cold, pack.ObjectName(Rig.Machine));
    }

    [Fact]
    public async Task What_no_image_has_is_told_and_the_other_members_are_mended_all_the_same()
    {
        var rig = await Scenes.PackedAsync();
        var pack = (await TinyTiers.PacksAsync(rig))[0];
        var name = pack.ObjectName(Rig.Machine);
        var header = await PackHeaders.ReadAsync(
            rig.Delta, (await rig.Delta.FindAsync(name))!, CancellationToken.None);
        // The copy of an index needs no image; the frames of the other member do.
        var one = header.Members[0];
        var other = header.Members.Skip(1).MaxBy(m => m.DataBytes);
        rig.Delta.FlipByte(name, one.End - 5);
        for (var at = other.Offset; at < other.Offset + other.DataBytes; at++)
            rig.Delta.FlipByte(name, at);
        var before = rig.Delta.Peek(name)!;

        var tally = await RepairAsync(
            rig, RepairInput.Of(Rig.Machine, await FindingsAsync(rig))!);

        output.WriteLine(string.Join('\n', tally.Losses));
        Assert.Equal((1, 1), (tally.Repaired, tally.Lost));
        var lost = Assert.Single(tally.Losses);
        Assert.Equal(name, lost.Object);
        Assert.Contains($"of disk '{other.Disk}'", lost.Expected, StringComparison.Ordinal);
        var after = rig.Delta.Peek(name)!;
        Assert.NotEqual(before[(int)one.End - 5], after[(int)one.End - 5]);
        Assert.Equal(before[(int)other.Offset..(int)other.End], after[(int)other.Offset..(int)other.End]);
        // Nothing more can be done: the next repair writes nothing.
        tally = await RepairAsync(rig, RepairInput.Of(Rig.Machine, await FindingsAsync(rig))!);
        Assert.Equal((0, 1), (tally.Repaired, tally.Lost));
        Assert.Equal(after, rig.Delta.Peek(name));
    }

    [Fact]
    public async Task An_archived_pack_is_left_alone()
    {
        var rig = await Scenes.PackedAsync(StorageTier.Archive);
        var name = (await TinyTiers.PacksAsync(rig))[0].ObjectName(Rig.Machine);
        rig.Delta.FlipByte(name, 100);
        var before = rig.Delta.Peek(name);
        var tally = await RepairAsync(rig, new RepairInput(Rig.Machine));
        Assert.Equal((0, 0), (tally.Repaired, tally.Lost));
        Assert.Equal(before, rig.Delta.Peek(name));
    }

    private static async Task CheckAsync(Rig rig, StorageTier tier, string name)
    {
        rig.NewLife();
        Assert.Empty(await FindingsAsync(rig));
        Assert.Equal(tier, (await rig.Delta.FindAsync(name))!.Tier);
        await rig.CheckAsync(name);
        await ListedObjects.CheckAsync(rig, name);
    }

    private static async Task<RepairTally> RepairAsync(Rig rig, RepairInput input) =>
        (await rig.Life.RunAsync(RepairNames.Repair, input, rig.NextJob(), Rig.Machine)).Tally;

    private static async Task<IReadOnlyList<Finding>> FindingsAsync(Rig rig)
    {
        var result = await new InlineContext(
            CheckParts.Flows(rig.Options), CheckParts.Steps(rig.Life.Services))
            .RunFlowAsync(CheckNames.Verify, new VerifyInput(Rig.Machine, CheckDepth.Full));
        return [.. result.Tally.Findings.Where(f => f.Severity == FindingSeverity.Error)];
    }
}
