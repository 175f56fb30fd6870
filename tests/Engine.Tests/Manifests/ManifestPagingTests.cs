using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Manifests;

public sealed class ManifestPagingTests(ITestOutputHelper output)
{
    private const string Machine = ManifestFixture.Machine;

    [Fact]
    public async Task Five_hundred_versions_stay_as_a_plain_list_would_hold_them()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var fixture = await ManifestFixture.CreatedAsync();
        var model = new SortedDictionary<int, string?>();
        for (var step = 0; step < 700; step++)
        {
            if (model.Count == 0 || step < 300 || random.Next(10) < 5)
            {
                model[await fixture.AddVersionAsync(Shards(random))] = null;
            }
            else
            {
                var number = model.Keys.ElementAt(random.Next(model.Count));
                var label = random.Next(3) == 0 ? null : $"label {step}";
                await fixture.UpdateAsync(async e =>
                {
                    if (label is null) await e.RemoveVersionAsync(number);
                    else await e.ReplaceVersionAsync(
                        (await e.FindVersionAsync(number))! with { Label = label });
                });
                if (label is null) model.Remove(number);
                else model[number] = label;
            }
            if (step % 50 == 49) await CheckAsync(fixture, model, random);
        }
        Assert.True(model.Keys.Max() >= 450, "Too few versions to say anything.");
        await SweptAsync(fixture);
        await CheckAsync(fixture, model, random);
    }

    [Fact]
    public async Task Edges_of_a_shard_are_found_across_pages_and_head_in_place_or_not()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var changed = new List<int>();
        for (var number = 1; number <= 40; number++)
        {
            int[] shards = number % 3 == 0 ? [1, 2, 5, 7, 9] : number % 3 == 1 ? [1, 7] : [2];
            await fixture.AddVersionAsync(shards);
            if (shards.Contains(7)) changed.Add(number);
        }
        var manifest = await fixture.Fresh().LoadAsync(Machine);
        Assert.Equal(5, manifest.Head.Pages.Count);
        var edges = await manifest.EdgesOfShardAsync("os", 7, 4, 37);
        Assert.Equal(changed.Where(n => n is > 4 and <= 37), edges.Select(e => e.Version.Number));
        Assert.All(edges, e => Assert.Equal(
            ManifestFixture.Edge(7, e.Version.Number, reverse: e.Version.Number), e.Edge));
        Assert.Empty(await manifest.EdgesOfShardAsync("os", 3, 0, 40));
        Assert.Empty(await manifest.EdgesOfShardAsync("data", 7, 0, 40));
        Assert.Empty(await manifest.EdgesOfShardAsync("os", 7, 9, 9));
    }

    [Fact]
    public async Task Merged_indexes_go_to_pages_with_the_edges_they_end_at_and_are_found_there()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var all = new List<MergedRecord>();
        for (var number = 1; number <= 100; number++)
        {
            await fixture.AddVersionAsync(1);
            if (number % 16 != 3 || number < 16) continue;
            var merged = new MergedRecord("os", 1, (number / 16) - 1, number, ShardRanges.Of(1));
            all.Add(merged);
            await fixture.UpdateAsync(e => e.AddMerged(merged));
        }
        var manifest = await fixture.Fresh().LoadAsync(Machine);
        Assert.Equal(6, all.Count);
        Assert.True(manifest.Head.Merged.Count <= 1);
        Assert.Equal(all, await manifest.MergedAsync("os", 1, 0, 100));
        Assert.Equal(all.Take(2), await manifest.MergedAsync("os", 1, 0, 47));
        Assert.Equal(all.Skip(1).Take(2), await manifest.MergedAsync("os", 1, 16, 48));
        Assert.Empty(await manifest.MergedAsync("os", 2, 0, 100));
        // The page loses the versions that the index ends at, then the index itself goes.
        await fixture.UpdateAsync(async e =>
        {
            for (var number = 25; number <= 32; number++) await e.RemoveVersionAsync(number);
        });
        manifest = await fixture.Fresh().LoadAsync(Machine);
        Assert.Equal(all, await manifest.MergedAsync("os", 1, 0, 100));
        await fixture.UpdateAsync(async e =>
        {
            Assert.True(await e.RemoveMergedAsync(all[1]));
            Assert.True(await e.RemoveMergedAsync(all[3]));
            Assert.False(await e.RemoveMergedAsync(all[3]));
        });
        manifest = await fixture.Fresh().LoadAsync(Machine);
        Assert.Equal(
            [all[0], all[2], all[4], all[5]], await manifest.MergedAsync("os", 1, 0, 100));
    }

    [Fact]
    public async Task The_head_of_ten_thousand_versions_is_small()
    {
        var fixture = await ManifestFixture.CreatedAsync(ManifestOptions.Default);
        for (var batch = 0; batch < 200; batch++)
        {
            await fixture.UpdateAsync(async e =>
            {
                for (var i = 0; i < 50; i++)
                {
                    var number = e.ReserveVersion();
                    var edges = await e.SaveTableAsync(
                        [.. Enumerable.Range(0, 4).Select(s => ManifestFixture.Edge(s, number))]);
                    e.AddVersion(ManifestFixture.Version(number, edges, "nightly"));
                }
            });
            fixture.Clock.Advance(TimeSpan.FromHours(1));
            await fixture.Store.SweepAsync(Machine, fixture.Clock.GetUtcNow());
        }
        var manifest = await fixture.Fresh().LoadAsync(Machine);
        var headBytes = fixture.Base.Peek(ObjectNames.Head(Machine))!.Length;
        output.WriteLine($"head {headBytes} bytes, {manifest.Head.Pages.Count} pages");
        Assert.Equal(10_000, manifest.NewestNumber);
        Assert.InRange(headBytes, 1, 200_000);
        Assert.InRange(manifest.Head.Versions.Count, 64, 127);
        Assert.Equal(10, manifest.Head.Pages.Count);
        Assert.Equal(10_000, (await ManifestFixture.ListAsync(manifest)).Count);
        Assert.Equal(10, fixture.Base.Fingerprint($"machines/{Machine}/pages/").Count);
    }

    private static int[] Shards(Random random) =>
        [.. Enumerable.Range(0, 6).Where(_ => random.Next(2) == 0)];

    private static async Task CheckAsync(
        ManifestFixture fixture, SortedDictionary<int, string?> model, Random random)
    {
        var manifest = await fixture.Fresh().LoadAsync(Machine);
        var listed = await ManifestFixture.ListAsync(manifest);
        Assert.Equal(model, listed.Select(v => KeyValuePair.Create(v.Number, v.Label)));
        Assert.InRange(manifest.Head.Versions.Count, 0, 7);
        Assert.All(manifest.Head.Pages, p => Assert.InRange(p.Count, 1, 8));
        var (from, to) = (random.Next(1, 400), random.Next(1, 500));
        var range = new List<int>();
        await foreach (var version in manifest.VersionsAsync(from, to)) range.Add(version.Number);
        Assert.Equal(model.Keys.Where(n => n >= from && n <= to), range);
        for (var number = 0; number < 520; number += 7)
        {
            var found = await manifest.FindVersionAsync(number);
            Assert.Equal(model.ContainsKey(number), found is not null);
            if (found is not null) Assert.Equal(model[number], found.Label);
        }
    }

    private static async Task SweptAsync(ManifestFixture fixture)
    {
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        await fixture.Store.SweepAsync(Machine, fixture.Clock.GetUtcNow());
        var manifest = await fixture.Fresh().LoadAsync(Machine);
        Assert.Empty(manifest.Head.Retired);
        var versions = await ManifestFixture.ListAsync(manifest);
        // Exactly the listed pages and tables are left, and every one of those can be read.
        Assert.Equal(
            manifest.Head.Pages.Select(p => ObjectNames.VersionPage(Machine, p.Hash))
                .Order(StringComparer.Ordinal),
            fixture.Base.Fingerprint($"machines/{Machine}/pages/").Select(f => f.Name));
        Assert.Equal(
            versions.Where(v => v.Disks[0].Edges.Object is not null)
                .Select(v => ObjectNames.ShardTable(Machine, v.Disks[0].Edges.Object!.Value))
                .Order(StringComparer.Ordinal),
            fixture.Base.Fingerprint($"machines/{Machine}/tables/").Select(f => f.Name));
        foreach (var version in versions)
            Assert.Equal(version.Disks[0].Edges.Count, (await manifest.EdgesAsync(version.Disks[0])).Count);
    }
}
