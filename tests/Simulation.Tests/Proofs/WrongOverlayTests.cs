using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Proofs;

/// <summary>
/// Sound bytes, but a program that lays them wrongly, or a manifest that says otherwise: the proof
/// stops the patch before anything is published.
/// </summary>
public sealed class WrongOverlayTests
{
    public static TheoryData<string, bool> AllMistakes()
    {
        var data = new TheoryData<string, bool>();
        foreach (var mistake in WrongOverlay.Mistakes)
        {
            data.Add(mistake, true);
            data.Add(mistake, false);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(AllMistakes))]
    public async Task A_wrong_overlay_is_stopped_and_nothing_has_changed(
        string mistake, bool isForwards)
    {
        var bench = await PatchBench.NewAsync(isForwards);
        var before = bench.Listing;
        await Assert.ThrowsAsync<ProofFailedException>(
            () => bench.PatchAsync(new WrongOverlay(mistake)));
        Assert.Equal(before, bench.Listing);
        await bench.Rig.CheckAsync(mistake);
        await bench.PatchAsync();
        Assert.NotEqual(before, bench.Listing);
    }

    [Fact]
    public async Task An_overlay_without_a_mistake_is_not_stopped()
    {
        foreach (var isForwards in new[] { true, false })
        {
            var bench = await PatchBench.NewAsync(isForwards);
            await bench.PatchAsync(new WrongOverlay("none"));
            Assert.Equal(isForwards ? 5 : 1, (await bench.BaseAsync()).Footer.Version);
        }
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(true, 3)]
    [InlineData(true, 5)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(false, 4)]
    public async Task Another_node_in_the_manifest_stops_the_patch(bool isForwards, int version)
    {
        var bench = await PatchBench.NewAsync(isForwards);
        await bench.Rig.Life.Manifests.UpdateAsync(
            Rig.Machine, edit => ChangeNodeAsync(edit, version));
        var before = bench.Listing;
        await Assert.ThrowsAsync<ProofFailedException>(() => bench.PatchAsync());
        Assert.Equal(before, bench.Listing);
        await bench.Rig.CheckAsync("an edge's node changed");
    }

    private static async ValueTask ChangeNodeAsync(ManifestEdit edit, int number)
    {
        var version = (await edit.FindVersionAsync(number))!;
        var disk = version.Disks[0];
        var edges = (await edit.Before.EdgesAsync(disk))
            .Select(e => e with { Node = Hash256.Of("another"u8) }).ToList();
        var changed = disk with { Edges = await edit.SaveTableAsync(edges) };
        await edit.ReplaceVersionAsync(version with { Disks = [changed] });
    }
}
