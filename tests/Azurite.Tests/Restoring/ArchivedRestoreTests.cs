using Azure;
using SnapshotFunctions.AzureStore;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Restoring;
using Xunit;

namespace SnapshotFunctions.AzuriteTests.Restoring;

/// <summary>Archived versions over the real protocol: refused, planned, restored, tidied up.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class ArchivedRestoreTests(AzuriteFixture azurite)
{
    private const string Machine = "vm";
    private const string Disk = "disk0";
    private const string Target = "out.raw";

    private readonly MemoryRestoreTargets _targets = new();
    private readonly TinySources _sources = new();
    private readonly List<byte[]> _versions = TinyDisks.Row(61, 4);

    [Theory]
    [InlineData(RehydrationSettings.Copy, "raw")]
    [InlineData(RehydrationSettings.Copy, "qcow2")]
    [InlineData(RehydrationSettings.Tier, "raw")]
    public async Task A_version_that_answers_BlobArchived_is_restored_by_one_planned_job(
        string way, string format)
    {
        var (services, context) = await ArchivedAsync(way);
        var delta = services.DeltaStore;
        var view = await services.Views.OpenAsync(Machine, 4, Disk, CancellationToken.None);
        var archived = await Assert.ThrowsAsync<ObjectArchivedException>(
            () => view.ReadAsync(0, new byte[_versions[3].Length]));
        var answer = Assert.IsType<RequestFailedException>(archived.InnerException);
        Assert.Equal((409, "BlobArchived"), (answer.Status, answer.ErrorCode));

        var input = new RestoreInput(Machine, Target, 4, Disk, format);
        var refused = await Assert.ThrowsAsync<StepFailedException>(
            () => context.RunFlowAsync(RestoreNames.Restore, input));
        Assert.Equal("refused-archived", refused.Code);
        Assert.Empty(_targets.Names);
        var result = await context.RunFlowAsync(
            RestoreNames.Restore, input with { Rehydrate = RehydrationWish.High });

        Assert.InRange(result.RehydratedObjects, 3, 100);
        if (format is "raw") Assert.Equal(_versions[3], _targets[Target]);
        else Assert.Equal("QFI"u8.ToArray(), _targets[Target][..3]);
        Assert.Null((await services.Manifests.LoadAsync(Machine)).Head.Rehydrated);
        var copies = 0;
        await foreach (var found in delta.ListAsync($"machines/{Machine}/rehydrated/")) copies++;
        Assert.Equal(0, copies);
        var still = 0;
        await foreach (var found in delta.ListAsync($"machines/{Machine}/disks/"))
            if (found.Tier == StorageTier.Archive) still++;
        Assert.Equal(way is RehydrationSettings.Copy, still >= result.RehydratedObjects);
    }

    [Fact]
    public async Task Copies_that_were_asked_for_alone_are_read_by_every_view()
    {
        var (services, context) = await ArchivedAsync(RehydrationSettings.Copy);
        var view = await services.Views.OpenAsync(Machine, 4, Disk, CancellationToken.None);
        var found = new byte[_versions[3].Length];
        await Assert.ThrowsAsync<ObjectArchivedException>(() => view.ReadAsync(0, found));
        await context.RunFlowAsync(RehydrateNames.Rehydrate, new RehydrateInput(Machine, 4));
        await view.ReadAsync(0, found);
        Assert.Equal(_versions[3], found);
    }

    private async Task<(StepServices, PlainFlowContext)> ArchivedAsync(string way)
    {
        var placements = await AzurePlacements.OpenAsync(
            azurite.First,
            new AzureStoreOptions
            {
                BaseContainer = azurite.NewContainer(), DeltaContainer = azurite.NewContainer(),
            });
        var options = new EngineOptions { Layout = TinyMachine.Layout };
        var manifests = new ManifestStore(
            placements.Base, placements.Delta, ManifestOptions.Default, TimeProvider.System);
        var services = new StepServices(
            placements.Base, placements.Delta, manifests, _sources, TimeProvider.System, options);
        var policy = new MachinePolicy(
            new BaseRuleSettings(BaseRuleSettings.AfterForwards, 1000), 600)
        {
            Rehydration = new RehydrationSettings(way, RehydrationPriority.Standard),
        };
        await manifests.CreateAsync(Machine, options.Layout, policy);
        var context = new PlainFlowContext(
            [.. EngineParts.Flows(options), .. RestoreParts.Flows(options)],
            [.. EngineParts.Steps(services), .. RestoreParts.Steps(services, _targets)]);
        for (var i = 0; i < _versions.Count; i++)
        {
            _sources.Add($"v{i}", _versions[i]);
            await context.RunFlowAsync(
                FlowNames.Ingest,
                new IngestInput(Machine, [new IngestDisk($"v{i}", Disk)], null, null));
        }
        var names = new List<string>();
        await foreach (var found in placements.Delta.ListAsync($"machines/{Machine}/disks/"))
            if (found.Name.EndsWith(".dat", StringComparison.Ordinal)) names.Add(found.Name);
        foreach (var name in names)
            await placements.Delta.SetTierAsync(name, StorageTier.Archive);
        return (services, context);
    }
}
