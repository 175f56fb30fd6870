using System.Text.Json;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Sources;

namespace SnapshotFunctions.SimulationTests.Years;

/// <summary>
/// The prices that the simulated provider bills by, read from the price table's JSON without the
/// product's code. A simulated byte stands for many: what is priced by the byte is that much
/// dearer, and a minimum of bytes that much shorter.
/// </summary>
internal sealed class YearPrices
{
    /// <summary>How many bytes a simulated one stands for: a disk of 128 KiB for one of 2 GiB.</summary>
    public const int Scale = 16_384;

    private readonly Dictionary<StorageTier, Tier> _tiers = [];

    private YearPrices(string json)
    {
        var root = JsonDocument.Parse(json).RootElement;
        foreach (var tier in root.GetProperty("tiers").EnumerateObject())
        {
            _tiers[Enum.Parse<StorageTier>(tier.Name, ignoreCase: true)] = new Tier(
                Of(tier.Value, "gbMonth") * Scale / 1_000_000_000m / 30m,
                Of(tier.Value, "write10k") / 10_000m, Of(tier.Value, "read10k") / 10_000m,
                Of(tier.Value, "list10k") / 10_000m, Of(tier.Value, "other10k") / 10_000m,
                Of(tier.Value, "retrievalGb") * Scale / 1_000_000_000m,
                tier.Value.GetProperty("minimumDays").GetInt32(),
                tier.Value.GetProperty("minimumBytes").GetInt64() / Scale);
        }
        DiskSnapshotByteMonth = Of(root, "diskSnapshotGbMonth") * Scale / 1_000_000_000m;
    }

    /// <summary>A byte of a managed-disk snapshot a month.</summary>
    public decimal DiskSnapshotByteMonth { get; }

    public static YearPrices OfRepository() => new(File.ReadAllText(Path.Combine(
        Repository.Root, "functions", "Engine", "Costs", "prices.json")));

    /// <summary>The product's table at the same scale.</summary>
    public static PriceTable Table()
    {
        var table = PriceTables.BuiltIn;
        return table with
        {
            Tiers = table.Tiers.ToDictionary(t => t.Key, t => t.Value with
            {
                GbMonth = t.Value.GbMonth * Scale,
                RetrievalGb = t.Value.RetrievalGb * Scale,
                MinimumBytes = t.Value.MinimumBytes / Scale,
            }),
        };
    }

    public Tier Of(StorageTier tier) => _tiers[tier];

    private static decimal Of(JsonElement tier, string name) => tier.GetProperty(name).GetDecimal();

    /// <summary>What a tier costs: a byte a day, a request, a byte read back.</summary>
    internal sealed record Tier(
        decimal ByteDay, decimal Write, decimal Read, decimal List, decimal Other,
        decimal Retrieval, int MinimumDays, long MinimumBytes);
}
