using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.EngineTests.Manifests;

public sealed class ManifestSweepTests
{
    private const string Machine = ManifestFixture.Machine;

    [Fact]
    public async Task What_was_retired_is_deleted_after_its_grace_and_not_before()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var set = new DeltaSet("os", 1, 2, 5, ShardRanges.Of(0, 3));
        foreach (var name in set.Names(Machine)) await PutAsync(fixture.Delta, name);
        await PutAsync(fixture.Delta, "machines/web-1/disks/os/000000/other.idx");
        await fixture.UpdateAsync(e => e.Retire(5, [set]));
        fixture.Clock.Advance(TimeSpan.FromSeconds(599));
        Assert.Equal(0, await SweepAsync(fixture));
        Assert.Equal(5, fixture.Delta.Fingerprint().Count);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, await SweepAsync(fixture));
        Assert.Single(fixture.Delta.Fingerprint());
        Assert.Empty((await fixture.Store.LoadAsync(Machine)).Head.Retired);
        Assert.Equal(0, await SweepAsync(fixture));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task At_every_call_a_crashed_sweep_can_be_done_again(bool after)
    {
        for (var at = 1; ; at++)
        {
            var fixture = await ManifestFixture.CreatedAsync(
                new ManifestOptions(SweepParallelism: 1));
            var set = new DeltaSet("os", 2, 1, 5, ShardRanges.Range(0, 2));
            foreach (var name in set.Names(Machine)) await PutAsync(fixture.Delta, name);
            await fixture.UpdateAsync(e => e.Retire(5, [set]));
            fixture.Clock.Advance(TimeSpan.FromHours(1));
            fixture.Process.Faults =
                SimulatedProcess.CrashAt(fixture.Process.Operations + at, after);
            var crashed = false;
            try
            {
                await SweepAsync(fixture);
            }
            catch (SimulatedCrashException)
            {
                crashed = true;
            }
            fixture.Process.Restart();
            // No index outlives its data.
            var left = fixture.Delta.Fingerprint().Select(f => f.Name).ToHashSet();
            Assert.All(
                left.Where(n => n.EndsWith(".idx", StringComparison.Ordinal)),
                n => Assert.Contains(n[..^4] + ".dat", left));
            await SweepAsync(fixture);
            Assert.Empty(fixture.Delta.Fingerprint());
            Assert.Empty((await fixture.Fresh().LoadAsync(Machine)).Head.Retired);
            if (crashed) continue;
            Assert.True(at > 8, "The sweep made too few calls.");
            break;
        }
    }

    [Fact]
    public async Task What_a_version_lists_is_neither_retired_nor_listed_once_it_was()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        for (var i = 0; i < 20; i++) await fixture.AddVersionAsync(1, 2);
        // Version 2 lies on a page, version 20 in the head.
        foreach (var number in new[] { 2, 20 })
        {
            var listed = new DeltaSet("os", number, number - 1, number, ShardRanges.Range(2, 9));
            var error = await Assert.ThrowsAsync<RefusedException>(
                () => fixture.UpdateAsync(e => e.Retire(99, [listed])));
            Assert.Equal("still-listed", error.Reason);
            await fixture.UpdateAsync(e => e.Retire(
                99, [listed with { Shards = ShardRanges.Of(3) }, listed with { Operation = 77 }]));
        }
        var late = new DeltaSet("os", 21, 20, 21, ShardRanges.Of(1));
        await fixture.UpdateAsync(e => e.Retire(99, [late]));
        await Assert.ThrowsAsync<RefusedException>(() => fixture.AddVersionAsync(1));
        Assert.Equal(20, (await fixture.Store.LoadAsync(Machine)).NewestNumber);
    }

    [Fact]
    public async Task A_sweep_refuses_names_that_are_listed_and_deletes_nothing()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        for (var i = 0; i < 20; i++) await fixture.AddVersionAsync(1, 2, 3, 4);
        var merged = new MergedRecord("os", 1, 0, 8, ShardRanges.Of(1));
        var manifest = await fixture.UpdateAsync(e => e.AddMerged(merged));
        var shard = new ShardKey(Machine, "os", 1);
        string[] names =
        [
            ObjectNames.Head(Machine),
            ObjectNames.Base(shard),
            ObjectNames.VersionPage(Machine, manifest.Head.Pages[0].Hash),
            ObjectNames.ShardTable(Machine, manifest.Head.Versions[0].Disks[0].Edges.Object!.Value),
            ObjectNames.MergedIndex(shard, 1, 0, 8),
            ObjectNames.DeltaIndex(shard, new DeltaKey(3, 2, 3)),
        ];
        foreach (var name in names)
        {
            var copy = await ManifestFixture.CreatedAsync();
            copy.Base.Restore(fixture.Base.Freeze());
            await copy.UpdateAsync(e => e.Retire(9, [], [name]));
            copy.Clock.Advance(TimeSpan.FromHours(1));
            var before = copy.Base.Fingerprint();
            var error = await Assert.ThrowsAsync<RefusedException>(() => SweepAsync(copy));
            Assert.Equal("still-listed", error.Reason);
            Assert.Equal(before, copy.Base.Fingerprint());
        }
    }

    [Fact]
    public async Task What_an_operation_under_way_may_create_is_not_swept()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var set = new DeltaSet("os", 1, 2, 1, ShardRanges.Range(0, 4));
        await fixture.UpdateAsync(e =>
        {
            e.IssueOperation(n => ManifestStoreTests.Operation(n, "a") with { Creates = [set] });
            e.Retire(1, [set with { Shards = ShardRanges.Of(2) }]);
        });
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<RefusedException>(() => SweepAsync(fixture));
        await fixture.UpdateAsync(e => e.CloseOperation(1));
        Assert.Equal(0, await SweepAsync(fixture));
        Assert.Empty((await fixture.Store.LoadAsync(Machine)).Head.Retired);
    }

    private static Task<int> SweepAsync(ManifestFixture fixture) =>
        fixture.Store.SweepAsync(Machine, fixture.Clock.GetUtcNow());

    private static Task<ObjectProperties> PutAsync(SimulatedStore store, string name) =>
        store.PutAsync(name, new byte[] { 1 }, WriteOptions.Create());
}
