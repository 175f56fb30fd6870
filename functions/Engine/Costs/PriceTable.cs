using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>
/// The prices of one provider in one region on one day; a JSON file that the owner can replace.
/// </summary>
public sealed record PriceTable
{
    /// <summary>Days of a month, wherever a price is by the month.</summary>
    public const int DaysOfMonth = 30;

    /// <summary>Bytes of a GB, wherever a price is by the GB.</summary>
    public const decimal BytesOfGb = 1_000_000_000m;

    /// <summary>What it is a list of.</summary>
    public required string Name { get; init; }

    /// <summary>The region and redundancy that it holds for.</summary>
    public required string Region { get; init; }

    /// <summary>The day that it was taken.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>The currency, by its ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>Each tier.</summary>
    public required IReadOnlyDictionary<StorageTier, TierPrices> Tiers { get; init; }

    /// <summary>Bringing back without hurry.</summary>
    public required RehydrationPrices Standard { get; init; }

    /// <summary>Bringing back with High priority.</summary>
    public required RehydrationPrices High { get; init; }

    /// <summary>A GB of an incremental managed-disk snapshot kept for a month.</summary>
    public required decimal DiskSnapshotGbMonth { get; init; }

    /// <summary>The prices of a tier.</summary>
    public TierPrices Of(StorageTier tier) => Tiers[tier];

    /// <summary>What some usage costs once; what is stored afterwards costs by the month.</summary>
    public decimal Once(Usage usage) => usage.Lines.Sum(Once);

    /// <summary>By how much some usage changes what is stored, in the price of a month.</summary>
    public decimal MonthChange(Usage usage) => usage.Lines
        .Where(l => l.Kind == UsageKind.Stored).Sum(l => Month(l.Tier, l.Bytes));

    /// <summary>What one line costs once.</summary>
    public decimal Once(UsageLine line)
    {
        var tier = Of(line.Tier);
        return line.Kind switch
        {
            UsageKind.Read => (line.Count * tier.Read10k / 10_000m)
                + (line.Bytes * tier.RetrievalGb / BytesOfGb),
            UsageKind.Write => line.Count * tier.Write10k / 10_000m,
            UsageKind.List => line.Count * tier.List10k / 10_000m,
            UsageKind.Other => line.Count * tier.Other10k / 10_000m,
            UsageKind.EarlyDeletion =>
                line.Bytes * tier.GbMonth / BytesOfGb / DaysOfMonth,
            UsageKind.RehydrateStandard => Rehydration(Standard, line),
            UsageKind.RehydrateHigh => Rehydration(High, line),
            _ => 0,
        };
    }

    /// <summary>What objects cost a month in a tier.</summary>
    /// <param name="tier">The tier.</param>
    /// <param name="bytes">Their bytes, each of at least the tier's minimum.</param>
    public decimal Month(StorageTier tier, long bytes) => bytes * Of(tier).GbMonth / BytesOfGb;

    /// <summary>The length that an object is billed by in a tier.</summary>
    public long BilledBytes(StorageTier tier, long lengthBytes) =>
        Math.Max(lengthBytes, Of(tier).MinimumBytes);

    private static decimal Rehydration(RehydrationPrices prices, UsageLine line) =>
        (line.Count * prices.Read10k / 10_000m) + (line.Bytes * prices.Gb / BytesOfGb);
}
