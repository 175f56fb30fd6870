using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.LocalTests.Http.Rigging;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Machines;

public sealed class CatalogTests
{
    [Fact]
    public async Task Machines_are_listed_from_the_projection_where_there_is_one()
    {
        await using var bench = await ApiBench.StartAsync(catalog: new Listed("a", "b-1", "b-2", "b-3"));
        Assert.Equal(["a", "b-1", "b-2", "b-3"], await NamesAsync("?top=2"));
        Assert.Equal(["b-1", "b-2", "b-3"], await NamesAsync("?prefix=b-&top=1"));
        // No manifest was looked at: there is none of these machines.
        Assert.Empty(bench.Base.Names("machines/"));

        async Task<List<string>> NamesAsync(string query)
        {
            var names = new List<string>();
            for (var path = $"/api/machines{query}"; path is not null;)
            {
                var page = await bench.ReadAsync(path);
                names.AddRange(page["machines"]!.AsArray()
                    .Select(m => m!["name"]!.GetValue<string>()));
                path = page["next"]?.GetValue<string>();
            }
            return names;
        }
    }

    private sealed class Listed(params string[] names) : IMachineCatalog
    {
        public Task<(IReadOnlyList<MachineEntry> Machines, bool HasMore)> ListMachinesAsync(
            string? prefix, string? after, int most, CancellationToken cancellation)
        {
            var found = names
                .Where(n => n.StartsWith(prefix ?? "", StringComparison.Ordinal)
                    && string.CompareOrdinal(n, after ?? "") > 0)
                .Select(n => new MachineEntry(n, 1, 1, 1, null, 4096, "disk0", 0, 1, default))
                .ToList();
            return Task.FromResult<(IReadOnlyList<MachineEntry>, bool)>(
                ([.. found.Take(most)], found.Count > most));
        }
    }
}
