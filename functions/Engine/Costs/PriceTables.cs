using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>Reads price tables.</summary>
public static class PriceTables
{
    private const string Resource = "SnapshotFunctions.Engine.Costs.prices.json";

    /// <summary>The table that comes with the program: sample prices, old; see its date.</summary>
    public static PriceTable BuiltIn { get; } = ReadBuiltIn();

    /// <summary>Reads a table.</summary>
    /// <param name="json">Its JSON.</param>
    /// <param name="place">Where it comes from, for messages.</param>
    /// <exception cref="RefusedException">Reason "prices": it is no such table.</exception>
    public static PriceTable Read(ReadOnlySpan<byte> json, string place)
    {
        try
        {
            var table = JsonSerializer.Deserialize(json, PriceJson.Default.PriceTable)
                ?? throw Refused(place, "it is null");
            foreach (var tier in Enum.GetValues<StorageTier>())
                if (!table.Tiers.TryGetValue(tier, out var prices))
                    throw Refused(place, $"it has no prices of tier {tier}");
                else if (IsWrong(prices))
                    throw Refused(place, $"a price of tier {tier} is below 0");
            return table;
        }
        catch (JsonException error)
        {
            throw Refused(place, error.Message);
        }
    }

    /// <summary>A table as JSON that <see cref="Read"/> reads.</summary>
    public static byte[] Write(PriceTable table) =>
        JsonSerializer.SerializeToUtf8Bytes(table, PriceJson.Default.PriceTable);

    private static bool IsWrong(TierPrices p) =>
        p.GbMonth < 0 || p.Write10k < 0 || p.Read10k < 0 || p.List10k < 0 || p.Other10k < 0
        || p.RetrievalGb < 0 || p.MinimumDays < 0 || p.MinimumBytes < 0;

    private static PriceTable ReadBuiltIn()
    {
        using var stream = typeof(PriceTables).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks {Resource}.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Read(bytes.ToArray(), "the built-in price table");
    }

    private static RefusedException Refused(string place, string why) => new(
        "prices",
        $"{place} is no price table: {why}. 'functions/Engine/Costs/prices.json' is the example.");
}
