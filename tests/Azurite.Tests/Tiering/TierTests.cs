using SnapshotFunctions.AzureStore;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Tiering;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.AzuriteTests.Tiering;

/// <summary>The steps of tiering against a blob service: where blobs really lie afterwards.</summary>
public sealed class TierTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private const int Versions = 8;

    [Fact]
    public async Task Old_data_really_moves_to_cool_and_indexes_stay_hot()
    {
        var (tiny, services, epoch) = await MachineAsync(new LadderRung(1, StorageTier.Cool));
        var ticket = await new PlanTierStep(services).RunAsync(
            new PlanTierInput(TinyMachine.Machine, epoch, TierCursor.Start), default);
        Assert.NotEmpty(ticket.Moves);
        var move = new MoveTierInput(TinyMachine.Machine, epoch, ticket.At, ticket.Moves);
        var moved = await new MoveTierStep(services).RunAsync(move, default);
        Assert.Equal(ticket.Moves.Count, moved.Moved);
        Assert.Equal(moved, await new MoveTierStep(services).RunAsync(move, default));
        var names = ticket.Moves.Select(m => m.Name).ToHashSet();
        await foreach (var found in services.DeltaStore.ListAsync("machines/"))
            Assert.Equal(
                names.Contains(found.Name) ? StorageTier.Cool : StorageTier.Hot, found.Tier);
        foreach (var name in names)
        {
            var found = (await services.DeltaStore.FindAsync(name))!;
            Assert.Equal(StorageTier.Cool, found.Tier);
            Assert.True(found.TierChanged > found.Modified.AddHours(-1));
        }
        await ReadsAsync(tiny, services);
    }

    [Theory]
    [InlineData(StorageTier.Cold)]
    [InlineData(StorageTier.Archive)]
    public async Task A_pack_really_lies_in_its_tier(StorageTier tier)
    {
        var (tiny, services, epoch) = await MachineAsync(new LadderRung(1, tier));
        var ticket = await new OpenPackStep(services).RunAsync(
            new OpenPackInput(TinyMachine.Machine, "job", 0, epoch, TierCursor.Start), default);
        Assert.InRange(ticket.Packs, 1, 8);
        var packs = new List<PackOutcome>();
        for (var number = 1; number <= ticket.Packs; number++)
        {
            var input = new WritePackInput(TinyMachine.Machine, ticket.Operation, number, epoch);
            packs.Add(await new WritePackStep(services).RunAsync(input, default));
            // A repeat finds what is there, though its bytes cannot be read any more.
            Assert.Equal(packs[^1], await new WritePackStep(services).RunAsync(input, default));
        }
        await new ClosePackStep(services).RunAsync(
            new ClosePackInput(TinyMachine.Machine, epoch, ticket.Operation, packs), default);
        var manifest = await services.Manifests.LoadAsync(TinyMachine.Machine);
        await foreach (var pack in manifest.AllPacksAsync())
        {
            var found = (await services.DeltaStore.FindAsync(pack.ObjectName(TinyMachine.Machine)))!;
            Assert.Equal((tier, pack.LengthBytes), (found.Tier, found.LengthBytes));
            Assert.Equal($"{pack.Hash}", found.Metadata[PackMetadata.Hash]);
        }
        if (tier != StorageTier.Archive)
        {
            await ReadsAsync(tiny, services);
            return;
        }
        await Assert.ThrowsAsync<ObjectArchivedException>(() => ReadsAsync(tiny, services));
    }

    private static async Task ReadsAsync(TinyMachine tiny, StepServices services)
    {
        for (var version = 1; version <= Versions; version++)
        {
            var view = await services.Views.OpenAsync(
                TinyMachine.Machine, version, TinyMachine.Disk, default);
            var bytes = new byte[view.SizeBytes];
            await view.ReadAsync(0, bytes);
            Assert.True(bytes.AsSpan().SequenceEqual(tiny[version]), $"version {version}");
        }
    }

    /// <summary>A machine made in memory, copied blob by blob, forty days later.</summary>
    private async Task<(TinyMachine Tiny, StepServices Services, long Epoch)> MachineAsync(
        LadderRung rung)
    {
        var random = new Random(3);
        var content = new byte[40_000];
        random.NextBytes(content);
        var contents = new List<byte[]>();
        for (var i = 0; i < Versions; i++)
        {
            random.NextBytes(content.AsSpan(random.Next(30_000), 4_000));
            contents.Add((byte[])content.Clone());
        }
        var tiny = await TinyMachine.CreateAsync(contents);
        await tiny.MoveBaseAsync(Versions, tiny.Services, deletesForwards: true);
        var placements = await OpenBothAsync();
        await CopyAsync(tiny.Base, placements.Base);
        await CopyAsync(tiny.Delta, placements.Delta);
        tiny.Time.Advance(TimeSpan.FromDays(40));
        var dear = PriceTables.BuiltIn.Tiers.ToDictionary(
            t => t.Key, t => t.Value with { GbMonth = t.Value.GbMonth * 1_000_000, MinimumBytes = 0 });
        var services = new StepServices(
            placements.Base, placements.Delta,
            new ManifestStore(placements.Base, placements.Delta, ManifestOptions.Default, tiny.Time),
            tiny.Sources, tiny.Time,
            tiny.Options with
            {
                Prices = PriceTables.BuiltIn with { Tiers = dear },
                Tiering = new TieringMargins { PackBytes = 9000, MostPackBytes = 30_000, PieceBytes = 2000 },
            });
        var epoch = (await services.Manifests.AcquireTurnAsync(TinyMachine.Machine, "job")).Epoch;
        await services.Manifests.UpdateAsync(TinyMachine.Machine, edit =>
        {
            edit.SetPolicy(edit.Head.Policy with { Keep = null, Ladder = [rung] });
            return ValueTask.CompletedTask;
        });
        return (tiny, services, epoch);
    }

    private static async Task CopyAsync(SimulatedStore from, IObjectStore to)
    {
        await foreach (var found in from.ListAsync(string.Empty))
            await to.PutAsync(
                found.Name, from.Peek(found.Name)!,
                new WriteOptions(Tier: found.Tier, Metadata: found.Metadata));
    }
}
