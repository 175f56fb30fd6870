using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Rebuilding;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.SimulationTests.Check;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Tiering;

/// <summary>Verification and rebuilding of a machine whose deltas lie in packs.</summary>
public sealed class PackedMachineTests
{
    [Fact]
    public async Task A_packed_machine_is_sound_and_each_damage_of_a_pack_is_found()
    {
        var (rig, packs) = await PackedAsync(StorageTier.Cold);
        var sound = await VerifyAsync(rig);
        Assert.True(sound.IsSound, Text(sound));
        Assert.Equal(0, sound.Tally.Warnings);
        Assert.Equal(0, sound.Tally.Orphans);
        var name = packs[0].ObjectName(Rig.Machine);
        var length = rig.Delta.Peek(name)!.Length;
        // The header, the first member's frames and the last copy of an index.
        foreach (var at in new[] { 10, 60, HeaderOf(rig, name).Members[0].Offset, length - 20 })
        {
            rig.Delta.FlipByte(name, at);
            var found = await VerifyAsync(rig);
            Assert.False(found.IsSound, $"byte {at}");
            Assert.Contains(found.Tally.Findings, f => f.Object == name);
            rig.Delta.FlipByte(name, at);
        }
        Assert.True((await VerifyAsync(rig)).IsSound);
    }

    [Fact]
    public async Task Members_that_are_swapped_are_found()
    {
        var (rig, packs) = await PackedAsync(StorageTier.Cold);
        var name = packs[0].ObjectName(Rig.Machine);
        var members = HeaderOf(rig, name).Members;
        var bytes = rig.Delta.Peek(name)!;
        var metadata = (await rig.Delta.FindAsync(name))!.Metadata;
        var (one, other) = (members[0], members[1]);
        // Their bytes change places; the pack is as long as before.
        byte[] swapped =
        [
            .. bytes[..(int)one.Offset], .. bytes[(int)other.Offset..(int)other.End],
            .. bytes[(int)one.Offset..(int)one.End], .. bytes[(int)other.End..],
        ];
        await rig.Delta.PutAsync(
            name, swapped, new WriteOptions(Tier: StorageTier.Cold, Metadata: metadata));
        var found = await VerifyAsync(rig);
        Assert.False(found.IsSound);
        Assert.Contains(found.Tally.Findings, f => f.Object == name);
    }

    [Fact]
    public async Task A_lost_pack_and_an_unlisted_one_are_found()
    {
        var (rig, packs) = await PackedAsync(StorageTier.Cold);
        var name = packs[0].ObjectName(Rig.Machine);
        await rig.Delta.PutAsync(ObjectNames.Pack(Rig.Machine, 1, 7), new byte[9], new());
        var unlisted = await VerifyAsync(rig);
        Assert.Equal((true, 1), (unlisted.IsSound, unlisted.Tally.Orphans));
        await rig.Delta.DeleteAsync(name);
        Assert.Contains((await VerifyAsync(rig)).Tally.Findings, f => f.Object == name);
    }

    [Theory]
    [InlineData(StorageTier.Cold, true)]
    [InlineData(StorageTier.Cold, false)]
    [InlineData(StorageTier.Archive, false)]
    public async Task A_lost_head_comes_back_with_its_packs(StorageTier tier, bool hasCopies)
    {
        var (rig, before) = await PackedAsync(tier);
        await rig.Base.DeleteAsync(ObjectNames.Head(Rig.Machine));
        if (!hasCopies)
        {
            foreach (var store in new[] { rig.Base, rig.Delta })
                foreach (var copy in store.Names("machines/vm/heads/").ToList())
                    await store.DeleteAsync(copy);
            foreach (var folder in new[] { "pages", "tables" })
                foreach (var old in rig.Base.Names($"machines/vm/{folder}/").ToList())
                    await rig.Base.DeleteAsync(old);
        }
        rig.NewLife();
        var result = await new RebuildMachineStep(rig.Life.Services).RunAsync(
            new RebuildMachineInput(Rig.Machine, Force: false), CancellationToken.None);
        Assert.Equal(hasCopies ? "copy" : "objects", result.Source);
        var after = await TinyTiers.PacksAsync(rig);
        Assert.Equal(before.Select(Words).Order(), after.Select(Words).Order());
        if (tier != StorageTier.Archive) await rig.CheckAsync("rebuilt");
        var found = await VerifyAsync(rig);
        Assert.True(found.IsSound, Text(found));
    }

    private static string Words(PackRecord pack) =>
        $"{pack.Operation}-{pack.Number} {pack.Tier} {pack.LengthBytes} {pack.Hash} "
        + string.Join(';', pack.Members.SelectMany(m => m.Names(Rig.Machine)).Order(StringComparer.Ordinal));

    private static async Task<(Rig Rig, List<PackRecord> Packs)> PackedAsync(StorageTier tier)
    {
        var rig = await Scenes.LadderAsync(9, [new LadderRung(1, tier)]);
        await TinyTiers.TierAsync(rig);
        // What was replaced is swept: a rebuild must not find the deltas that were copied.
        rig.Time.Advance(TimeSpan.FromHours(1));
        await TinyTiers.TierAsync(rig);
        var packs = await TinyTiers.PacksAsync(rig);
        Assert.NotEmpty(packs);
        return (rig, packs);
    }

    private static PackHeader HeaderOf(Rig rig, string name)
    {
        var bytes = rig.Delta.Peek(name)!;
        return PackHeader.Decode(bytes.AsSpan(0, PackHeader.LengthFrom(bytes, name)), name);
    }

    private static Task<VerifyResult> VerifyAsync(Rig rig)
    {
        var life = rig.NewLife();
        var context = new InlineContext(
            CheckParts.Flows(rig.Options), CheckParts.Steps(life.Services));
        return context.RunFlowAsync(
            CheckNames.Verify, new VerifyInput(Rig.Machine, CheckDepth.Full, 10, 0));
    }

    private static string Text(VerifyResult result) => string.Join(
        '\n', result.Tally.Findings.Select(f => $"{f.Severity} {f.Object}: {f.Expected}, {f.Found}"));
}
