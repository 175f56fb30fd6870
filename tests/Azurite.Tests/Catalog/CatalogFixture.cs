using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.AzureStore.Catalog;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.AzuriteTests.Catalog;

/// <summary>Manifests in simulated stores, small pages, and tables of their own on Azurite.</summary>
internal sealed class CatalogFixture
{
    private readonly SimulatedStore _base = new(new SimulatedStoreOptions { Description = "base" });
    private readonly SimulatedStore _delta = new(new SimulatedStoreOptions { Description = "delta" });

    private CatalogFixture(CatalogTables tables, ManualClock clock, bool observes)
    {
        Catalog = new TableCatalog(tables, NullLogger.Instance);
        Manifests = new ManifestStore(
            _base, _delta, new ManifestOptions(HeadVersions: 4, PageVersions: 8, InlineEntries: 3),
            clock, observer: observes ? Catalog : null);
    }

    public TableCatalog Catalog { get; }

    public ManifestStore Manifests { get; }

    public CatalogQueries Queries => Catalog.Queries;

    public static async Task<CatalogFixture> OpenAsync(
        AzuriteFixture azurite, bool observes = true, FaultyTransport? transport = null) => new(
            await CatalogTables.OpenAsync(
                azurite.First,
                new CatalogOptions
                {
                    Prefix = azurite.NewContainer(), Transport = transport, MaxRetries = 0,
                }),
            new ManualClock(), observes);

    /// <summary>Makes a machine of its own name.</summary>
    public Task<Manifest> CreateAsync(string machine) => Manifests.CreateAsync(
        machine, new Layout(512, 2048, 8, 8192, 65536), MachinePolicy.Default);

    /// <summary>Lists one more version.</summary>
    public Task<Manifest> AddAsync(string machine, string? label = null, string? snapshot = null) =>
        Manifests.UpdateAsync(machine, async edit =>
        {
            var number = edit.ReserveVersion();
            var edges = await edit.SaveTableAsync(
                [new ShardEdge(0, number - 1, 0, number, Hash256.Of([(byte)number]))]);
            edit.AddVersion(VersionOf(number, edges, label, snapshot));
        });

    /// <summary>Changes one version, or takes it from the lists.</summary>
    public Task<Manifest> ChangeAsync(string machine, int number, string? label, bool remove) =>
        Manifests.UpdateAsync(machine, async edit =>
        {
            if (await edit.FindVersionAsync(number) is not { } version) return;
            if (remove) await edit.RemoveVersionAsync(number);
            else await edit.ReplaceVersionAsync(version with { Label = label });
        });

    /// <summary>Holds the rows against what the manifest says.</summary>
    public async Task CheckAsync(string machine)
    {
        var manifest = await Manifests.LoadAsync(machine);
        var expected = new List<(int, string?, string, DateTimeOffset)>();
        await foreach (var version in manifest.VersionsAsync())
            expected.Add((version.Number, version.Label, $"{version.Fingerprint}", version.Time));
        var found = new List<(int, string?, string, DateTimeOffset)>();
        string? after = null;
        do
        {
            var page = await Queries.VersionsAsync(machine, new VersionFilter(), after, 7, default);
            found.AddRange(page.Rows.Select(r => (r.Version, r.Label, r.Fingerprint, r.Time)));
            after = page.Continuation;
        }
        while (after is not null);
        Assert.Equal(expected, found);
        var row = Assert.Single((await Queries.MachinesAsync(machine, null, 2, default)).Rows);
        Assert.Equal(expected.Count, row.Versions);
        Assert.Equal(expected.Count == 0 ? 0 : expected[^1].Item1, row.Newest);
        Assert.Equal(expected.Count == 0 ? 0 : expected[^1].Item1, row.Base);
        Assert.Equal(manifest.Head.Revision, row.Revision);
    }

    private static VersionRecord VersionOf(
        int number, TableReference edges, string? label, string? snapshot) => new()
        {
            Number = number,
            State = VersionState.Ready,
            Time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(number),
            Label = label,
            Snapshot = snapshot,
            Parent = number > 1 ? number - 1 : null,
            Operation = number,
            Fingerprint = Hash256.Of([(byte)number, (byte)(number >> 8)]),
            Disks =
            [
                new VersionDisk
                {
                    Name = "os", SizeBytes = 1 << 20, Node = Hash256.Of([1, (byte)number]),
                    Format = "raw", ChangedBytes = 4096, Edges = edges,
                },
            ],
        };
}
