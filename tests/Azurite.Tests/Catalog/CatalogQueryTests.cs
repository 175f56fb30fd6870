using SnapshotFunctions.AzureStore.Catalog;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.AzuriteTests.Catalog;

/// <summary>What is asked of the tables, and by whom.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class CatalogQueryTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Machines_come_in_order_by_pages_and_by_prefix()
    {
        var fixture = await CatalogFixture.OpenAsync(azurite);
        foreach (var name in new[] { "web-2", "db", "web-10", "web", "webber", "a0" })
            await fixture.CreateAsync(name);
        Assert.Equal(
            ["a0", "db", "web", "web-10", "web-2", "webber"], await NamesAsync(null, 2));
        Assert.Equal(["web", "web-10", "web-2", "webber"], await NamesAsync("web", 3));
        Assert.Equal(["web-10", "web-2"], await NamesAsync("web-", 1));
        Assert.Empty(await NamesAsync("x", 5));

        async Task<List<string>> NamesAsync(string? prefix, int most)
        {
            var names = new List<string>();
            string? after = null;
            do
            {
                var page = await fixture.Queries.MachinesAsync(prefix, after, most, default);
                Assert.InRange(page.Rows.Count, 0, most);
                names.AddRange(page.Rows.Select(r => r.Machine));
                after = page.Continuation;
            }
            while (after is not null);
            return names;
        }
    }

    [Fact]
    public async Task Versions_are_found_by_time_label_and_snapshot()
    {
        var fixture = await CatalogFixture.OpenAsync(azurite);
        await fixture.CreateAsync("web");
        for (var i = 1; i <= 12; i++)
            await fixture.AddAsync("web", i % 3 == 0 ? "it's a label" : null, $"s{i}");
        Assert.Equal("3 6 9 12", await FindAsync(new VersionFilter(Label: "it's a label")));
        Assert.Equal("5", await FindAsync(new VersionFilter(Snapshot: "s5")));
        Assert.Equal("4 5", await FindAsync(
            new VersionFilter(Start.AddHours(4), Start.AddHours(6))));
        Assert.Equal("6", await FindAsync(
            new VersionFilter(Start.AddHours(4), Start.AddHours(9), "it's a label")));
        Assert.Empty(await FindAsync(new VersionFilter(Label: "' or PartitionKey ne '")));
        Assert.Empty(await FindAsync(new VersionFilter(State: "gone' or State eq 'ready")));

        async Task<string> FindAsync(VersionFilter filter) => string.Join(
            ' ',
            (await fixture.Queries.VersionsAsync("web", filter, null, 100, default)).Rows
                .Select(r => r.Version));
    }

    [Fact]
    public async Task Jobs_come_newest_first_and_one_that_has_ended_stays_ended()
    {
        var fixture = await CatalogFixture.OpenAsync(azurite);
        for (var i = 0; i < 5; i++) await WriteAsync(Job(i, "running"));
        await WriteAsync(Job(1, "completed") with { Ended = Start.AddHours(2), Output = "{}" });
        await WriteAsync(Job(1, "running"));
        await WriteAsync(Job(3, "failed") with { ErrorCode = "image-truncated" });
        await WriteAsync(Job(3, "completed"));

        var first = await fixture.Queries.JobsAsync(null, null, null, null, 3, default);
        Assert.Equal(["j4", "j3", "j2"], first.Rows.Select(r => r.Id));
        var rest = await fixture.Queries.JobsAsync(
            null, null, null, first.Continuation, 3, default);
        Assert.Equal(["j1", "j0"], rest.Rows.Select(r => r.Id));
        Assert.Null(rest.Continuation);
        Assert.Equal(
            Job(1, "completed") with { Ended = Start.AddHours(2), Output = "{}" }, rest.Rows[0]);
        Assert.Equal("image-truncated", first.Rows[1].ErrorCode);
        Assert.Equal(
            ["j4", "j2", "j0"],
            (await fixture.Queries.JobsAsync("even", "running", "Ingest", null, 9, default)).Rows
                .Select(r => r.Id));

        Task WriteAsync(JobRow job) => fixture.Catalog.WriteJobAsync(job, default);
        static JobRow Job(int i, string state) => new(
            $"j{i}", "Ingest", i % 2 == 0 ? "even" : "odd", state, Start.AddMinutes(i));
    }

    [Theory]
    [InlineData("https://account.example.org/", "no account's table or blob endpoint")]
    [InlineData("https://account.table.core.windows.net/?sig=secret", "account alone")]
    [InlineData("TableEndpoint=secret", "whole connection string")]
    public async Task A_setting_that_names_no_tables_is_refused_without_its_secrets(
        string setting, string why)
    {
        var error = await Assert.ThrowsAsync<RefusedException>(
            () => CatalogTables.OpenAsync(setting));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
