using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Expiring;

/// <summary>What is refused, what is hidden, what readers of an old state see.</summary>
public sealed class ExpiryTests
{
    [Fact]
    public async Task The_newest_a_pinned_one_and_a_machine_on_hold_are_refused()
    {
        var (rig, _) = await Scenes.PreparedAsync(BaseRuleSettings.Newest, 3);
        await RefusedAsync("refused-newest", rig, 3);
        await RefusedAsync("not-found", rig, 9);
        await EditAsync(rig, edit => edit.Pin(new PinRecord(2, "auditor", null, rig.Time.GetUtcNow())));
        await RefusedAsync("refused-pinned", rig, 2);
        await EditAsync(rig, edit => edit.SetHold(new HoldRecord("case", rig.Time.GetUtcNow())));
        await RefusedAsync("refused-hold", rig, 1);
        await rig.CheckAsync("all are there");
    }

    [Fact]
    public async Task A_version_at_the_base_is_hidden_until_the_base_has_moved()
    {
        var (rig, _) = await Scenes.PreparedAsync(BaseRuleSettings.AfterForwards, 5);
        await rig.ConsolidateAsync(3);
        var result = await rig.ExpireAsync(2, 3, 4);
        Assert.Equal([2, 4], result.Expired);
        Assert.Equal([3], result.Hidden);
        await rig.CheckAsync("hidden");
        await rig.ConsolidateAsync(5);
        await rig.CheckAsync("moved");
        var policy = (await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Policy;
        await rig.SetPolicyAsync(policy with { Keep = new KeepSettings { Last = 9 } });
        var later = await rig.RetainAsync();
        Assert.Equal([3], later.Expired);
        Assert.Equal([3], later.Completed);
        await rig.CheckAsync("gone");
        await ListedObjects.CheckAsync(rig, "gone");
    }

    [Fact]
    public async Task Archived_data_is_not_touched_and_goes_with_all_that_is_older()
    {
        var (rig, _) = await Scenes.PreparedAsync(BaseRuleSettings.Newest, 6);
        foreach (var name in rig.Delta.Names(ObjectNames.Machine(Rig.Machine)))
            if (name.EndsWith(".dat", StringComparison.Ordinal)
                && ObjectNames.TryParseDelta(name, out _, out var key) && key.Edge == 3)
                await rig.Delta.SetTierAsync(name, StorageTier.Archive, cancellation: default);
        rig.Model.Remove(1);
        rig.Model.Remove(2);
        await rig.Life.RunAsync(
            Engine.Flows.Expiring.ExpiryNames.Expire,
            new Engine.Flows.Expiring.ExpireInput(Rig.Machine, [2, 3]), "archived", Rig.Machine);
        rig.Model.Remove(3);
        var manifest = await rig.Life.Manifests.LoadAsync(Rig.Machine);
        Assert.Equal(VersionState.Hidden, (await manifest.FindVersionAsync(3))?.State);
        foreach (var version in rig.Model.Keys) await rig.CheckAsync(version, "archived");
        var result = await rig.ExpireAsync(1);
        var policy = manifest.Head.Policy;
        await rig.SetPolicyAsync(policy with { Keep = new KeepSettings { Last = 9 } });
        var later = await rig.RetainAsync();
        Assert.Contains(3, later.Expired.Concat(result.Expired));
        await rig.CheckAsync("gone");
        await ListedObjects.CheckAsync(rig, "gone");
    }

    [Fact]
    public async Task A_reader_of_the_old_state_goes_on_while_versions_expire()
    {
        var (rig, disks) = await Scenes.PreparedAsync(BaseRuleSettings.Newest, 8);
        var old = await rig.Life.Manifests.LoadAsync(Rig.Machine);
        var expected = rig.Model.ToDictionary(m => m.Key, m => m.Value);
        await rig.ExpireAsync(2, 3, 5, 6);
        foreach (var (number, contents) in expected)
        {
            foreach (var (disk, content) in contents)
            {
                var size = Rig.Tiny.ShardBytes;
                for (var shard = 0; shard * size < content.Length; shard++)
                {
                    var view = await rig.Life.Services.Resolver.TryOpenAsync(
                        old, new ShardKey(Rig.Machine, disk, shard), number, default);
                    Assert.NotNull(view);
                    var blocks = Enumerable.Range(0, Rig.Tiny.BlocksPerShard).ToList();
                    var found = new byte[size];
                    await view.ReadBlocksAsync(blocks, found, default);
                    var length = (int)Math.Min(size, content.Length - (shard * size));
                    Assert.True(found.AsSpan(0, length).SequenceEqual(
                        content.AsSpan((int)(shard * size), length)), $"{number} {disk} {shard}");
                }
            }
        }
        // Another operation on the base: then the old state is known to be stale, never misread.
        disks.Change();
        await rig.IngestAsync(disks.All);
        Assert.Null(await rig.Life.Services.Resolver.TryOpenAsync(
            old, new ShardKey(Rig.Machine, "disk0", 0), 1, default));
    }

    private static Task<Manifest> EditAsync(Rig rig, Action<ManifestEdit> change) =>
        rig.Life.Manifests.UpdateAsync(Rig.Machine, edit =>
        {
            change(edit);
            return ValueTask.CompletedTask;
        });

    private static async Task RefusedAsync(string code, Rig rig, int version)
    {
        var error = await Assert.ThrowsAsync<StepFailedException>(() => rig.ExpireAsync(version));
        Assert.True(error.Code == code, $"{error.Code}: {error.Message}");
    }
}
