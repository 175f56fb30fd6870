using Azure;
using SnapshotFunctions.AzureStore.Catalog;
using SnapshotFunctions.Engine.Manifests;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.AzuriteTests.Catalog;

/// <summary>The rows follow the manifests, whatever comes late, twice or not at all.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class CatalogSyncTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    [Fact]
    public async Task Rows_equal_the_manifest_after_every_change()
    {
        var fixture = await CatalogFixture.OpenAsync(azurite);
        await fixture.CreateAsync("web");
        await fixture.CheckAsync("web");
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var change = 1; change <= 60; change++)
        {
            await ChangeAsync(fixture, random, change);
            if (change % 4 == 0) await fixture.CheckAsync("web");
        }
        await fixture.CheckAsync("web");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public async Task States_that_come_late_twice_and_at_once_leave_the_newest(int atOnce)
    {
        var fixture = await CatalogFixture.OpenAsync(azurite, observes: false);
        var states = new List<Manifest> { await fixture.CreateAsync("web") };
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var change = 1; change <= 30; change++)
            states.Add(await ChangeAsync(fixture, random, change));
        var order = states.Concat(states).OrderBy(_ => random.Next()).ToArray();
        await Parallel.ForEachAsync(
            order, new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (state, token) => await fixture.Catalog.WrittenAsync(state, token));
        // Some gave up among so many writers; the next look at all makes it good.
        if (atOnce > 1) await fixture.Catalog.SyncAllAsync(fixture.Manifests, default);
        await fixture.CheckAsync("web");
        foreach (var state in states) await fixture.Catalog.SyncAsync(state, default);
        await fixture.CheckAsync("web");
    }

    [Fact]
    public async Task A_crash_or_a_lost_answer_at_any_request_is_made_good()
    {
        for (var at = 1; ; at++)
        {
            var transport = new FaultyTransport();
            var fixture = await CatalogFixture.OpenAsync(azurite, observes: false, transport);
            Manifest manifest = await fixture.CreateAsync("web");
            for (var i = 0; i < 14; i++) manifest = await fixture.AddAsync("web");
            var (sent, cut) = (0, false);
            if (at % 2 == 0)
            {
                transport.Afterwards = _ =>
                {
                    if (++sent == (at + 1) / 2) throw Cut();
                };
            }
            else
            {
                transport.Instead = _ => ++sent == (at + 1) / 2 ? throw Cut() : null;
            }
            await fixture.Catalog.WrittenAsync(manifest, default);
            (transport.Instead, transport.Afterwards) = (_ => null, _ => { });
            if (!cut)
            {
                Assert.True(at > 6, $"Only {at} places to cut.");
                await fixture.CheckAsync("web");
                return;
            }
            await fixture.Catalog.WrittenAsync(manifest, default);
            await fixture.CheckAsync("web");

            RequestFailedException Cut()
            {
                cut = true;
                return new RequestFailedException(0, "The connection was cut.");
            }
        }
    }

    [Fact]
    public async Task Tables_that_refuse_leave_the_manifests_be_and_are_caught_up_with()
    {
        var transport = new FaultyTransport();
        var fixture = await CatalogFixture.OpenAsync(azurite, transport: transport);
        await fixture.CreateAsync("web");
        transport.Instead = _ => new FakeAnswer(403, "AuthorizationFailure");
        for (var i = 0; i < 3; i++) await fixture.AddAsync("web");
        Assert.Equal(3, (await fixture.Manifests.LoadAsync("web")).NewestNumber);
        var refused = await Assert.ThrowsAsync<Engine.Model.StoreRefusedException>(
            () => fixture.Catalog.SyncAllAsync(fixture.Manifests, default));
        Assert.Contains("Storage Table Data Contributor", refused.Message, StringComparison.Ordinal);
        transport.Instead = _ => null;
        Assert.Equal(1, await fixture.Catalog.SyncAllAsync(fixture.Manifests, default));
        await fixture.CheckAsync("web");
    }

    [Fact]
    public async Task Lost_tables_are_made_again_and_machines_that_are_gone_leave_them()
    {
        var fixture = await CatalogFixture.OpenAsync(azurite, observes: false);
        foreach (var machine in new[] { "a", "b", "c" })
        {
            await fixture.CreateAsync(machine);
            for (var i = 0; i < 9; i++) await fixture.AddAsync(machine);
        }
        var other = await CatalogFixture.OpenAsync(azurite);
        await fixture.Catalog.SyncAllAsync(fixture.Manifests, default);
        foreach (var machine in new[] { "a", "b", "c" }) await fixture.CheckAsync(machine);

        // The manifests of another store: none of these machines is there.
        await fixture.Catalog.SyncAllAsync(other.Manifests, default);
        Assert.Empty((await fixture.Queries.MachinesAsync(null, null, 10, default)).Rows);
        Assert.Empty(
            (await fixture.Queries.VersionsAsync("b", new VersionFilter(), null, 10, default)).Rows);
    }

    private static Task<Manifest> ChangeAsync(CatalogFixture fixture, Random random, int change)
    {
        var number = random.Next(1, change + 1);
        return random.Next(6) switch
        {
            0 => fixture.ChangeAsync("web", number, null, remove: true),
            1 => fixture.ChangeAsync("web", number, $"label {change}", remove: false),
            _ => fixture.AddAsync("web", random.Next(2) == 0 ? null : $"made by {change}"),
        };
    }
}
