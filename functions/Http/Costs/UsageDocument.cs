using System.Diagnostics.CodeAnalysis;
using SnapshotFunctions.Engine.Costs;

namespace SnapshotFunctions.Http.Costs;

/// <summary>What some work uses of the stores, and what that costs.</summary>
/// <param name="Lines">By kind and tier.</param>
/// <param name="Once">What it costs once.</param>
/// <param name="MonthChange">By how much it changes what a month costs.</param>
/// <param name="Currency">The currency, by its ISO 4217 code.</param>
public sealed record UsageDocument(
    IReadOnlyList<UsageLineDocument> Lines, decimal Once, decimal MonthChange, string Currency)
{
    /// <summary>The document of some usage; null for none.</summary>
    [return: NotNullIfNotNull(nameof(usage))]
    public static UsageDocument? Of(Usage? usage, PriceTable prices) => usage is null ? null : new(
        [.. usage.Lines.Select(l => UsageLineDocument.Of(l, prices))],
        Rounded(prices.Once(usage)), Rounded(prices.MonthChange(usage)), prices.Currency);

    /// <summary>Ten thousand operations cost cents: eight places tell one of them.</summary>
    internal static decimal Rounded(decimal price) => Math.Round(price, 8);
}
