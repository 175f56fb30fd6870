using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Tiering;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.SimulationTests.Rigging;

namespace SnapshotFunctions.SimulationTests.Tiering;

/// <summary>Prices and margins under which deltas of a few hundred bytes are worth a move.</summary>
internal static class TinyTiers
{
    public static TieringMargins Margins { get; } = new()
    {
        PackBytes = 4000, MostPackBytes = 9000, MostPacks = 2, MostMoves = 5, MostLooked = 40,
        PieceBytes = 900,
    };

    /// <summary>A byte costs a million times as much to keep, and none is too few.</summary>
    public static PriceTable Prices { get; } = PriceTables.BuiltIn with
    {
        Tiers = PriceTables.BuiltIn.Tiers.ToDictionary(
            t => t.Key, t => t.Value with { GbMonth = t.Value.GbMonth * 1_000_000, MinimumBytes = 0 }),
    };

    public static EngineOptions On(EngineOptions options) =>
        options with { Prices = Prices, Tiering = Margins };

    public static Task SetLadderAsync(Rig rig, params LadderRung[] rungs) => rig.SetPolicyAsync(
        new MachinePolicy(new BaseRuleSettings(BaseRuleSettings.Newest, 100), 600) { Ladder = rungs });

    public static Task<TierResult> TierAsync(Rig rig) => rig.Life.RunAsync(
        TierNames.Tier, new TierInput(Rig.Machine), rig.NextJob(), Rig.Machine);

    public static async Task<List<PackRecord>> PacksAsync(Rig rig)
    {
        var manifest = await rig.Life.Manifests.LoadAsync(Rig.Machine);
        var packs = new List<PackRecord>();
        await foreach (var pack in manifest.AllPacksAsync()) packs.Add(pack);
        return packs;
    }

    /// <summary>The tiers of the data of reverse incrementals that have their own.</summary>
    public static List<StorageTier> TiersOf(Rig rig) =>
        [.. rig.Delta.Fingerprint("machines/")
            .Where(o => o.Name.EndsWith(".dat", StringComparison.Ordinal)).Select(o => o.Tier)];
}
