using SnapshotFunctions.Engine.Costs;

namespace SnapshotFunctions.Http.Costs;

/// <summary>Which price table something was priced with.</summary>
/// <param name="Name">What it is a list of.</param>
/// <param name="Region">The region and redundancy that it holds for.</param>
/// <param name="Date">The day that it was taken.</param>
/// <param name="Currency">The currency, by its ISO 4217 code.</param>
public sealed record PricesDocument(string Name, string Region, string Date, string Currency)
{
    /// <summary>The document of a table.</summary>
    public static PricesDocument Of(PriceTable prices) => new(
        prices.Name, prices.Region, $"{prices.Date:yyyy-MM-dd}", prices.Currency);
}
