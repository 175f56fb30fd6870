using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.EngineTests.Manifests;

/// <summary>Tables and pages of a change that another writer was faster than.</summary>
public sealed class ManifestLostChangeTests
{
    private const string Machine = ManifestFixture.Machine;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_that_is_made_again_leaves_nothing_of_its_first_try(bool isTheSame)
    {
        var fixture = await ManifestFixture.CreatedAsync();
        // So many that each further version writes a page too.
        for (var i = 0; i < 9; i++) await fixture.AddVersionAsync(0, 1, 2, 3, 4);
        var other = fixture.Fresh();
        var (between, tries) = (false, 0);
        fixture.Process.Trace = o =>
        {
            if (between || o.Kind != StoreOperationKind.Put || o.Name != ObjectNames.Head(Machine))
                return;
            between = true;
            other.UpdateAsync(Machine, isTheSame ? AddAsync : IssueAsync).GetAwaiter().GetResult();
        };
        var manifest = await fixture.UpdateAsync(edit =>
        {
            tries++;
            return AddAsync(edit);
        });

        Assert.Equal((true, 2), (between, tries));
        var versions = await ManifestFixture.ListAsync(manifest);
        Assert.Equal(Enumerable.Range(1, isTheSame ? 11 : 10), versions.Select(v => v.Number));
        var listed = new HashSet<string>(
            manifest.Head.Retired.SelectMany(r => r.Names)
                .Concat(manifest.Head.Pages.Select(p => ObjectNames.VersionPage(Machine, p.Hash)))
                .Concat(versions.Select(v => v.Disks[0].Edges.Object!.Value)
                    .Select(t => ObjectNames.ShardTable(Machine, t))),
            StringComparer.Ordinal);
        Assert.Equal(
            listed.Order(StringComparer.Ordinal),
            fixture.Base.Names().Where(n => n.Contains("/tables/", StringComparison.Ordinal)
                || n.Contains("/pages/", StringComparison.Ordinal)));
        foreach (var version in versions)
            Assert.Equal(5, (await manifest.EdgesAsync(version.Disks[0])).Count);
    }

    /// <summary>A version whose table is an object.</summary>
    private static async ValueTask AddAsync(ManifestEdit edit)
    {
        var number = edit.ReserveVersion();
        var edges = await edit.SaveTableAsync(
            [.. Enumerable.Range(0, 5).Select(s => ManifestFixture.Edge(s, number, reverse: number))]);
        edit.AddVersion(ManifestFixture.Version(number, edges));
    }

    private static ValueTask IssueAsync(ManifestEdit edit)
    {
        edit.IssueOperation(n => new OperationRecord
        {
            Number = n, Kind = "repair", Started = edit.Now, Job = "other",
        });
        return ValueTask.CompletedTask;
    }
}
