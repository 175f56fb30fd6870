using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Costs;

/// <summary>What one kind of objects of one version costs in one tier.</summary>
/// <param name="Version">The version that they are kept for; absent: for all of them.</param>
/// <param name="Part">
/// <c>base</c>, <c>delta</c>, <c>index</c>, <c>pack</c>, <c>file</c>, <c>manifest</c>, <c>other</c>.
/// </param>
/// <param name="Tier">Their tier.</param>
/// <param name="Objects">How many.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="BilledBytes">Their bytes as they are billed.</param>
/// <param name="Month">What they cost a month.</param>
public sealed record CostLineDocument(
    int? Version, string Part, string Tier, long Objects, long Bytes, long BilledBytes,
    decimal Month)
{
    /// <summary>The document of a line.</summary>
    public static CostLineDocument Of(CostLine line, PriceTable prices) => new(
        line.Version == 0 ? null : line.Version, Words.Of(line.Part), Words.Of(line.Tier),
        line.Objects, line.Bytes, line.BilledBytes,
        UsageDocument.Rounded(CostReport.MonthOf(line, prices)));
}
