using SnapshotFunctions.Engine.Costs;

namespace SnapshotFunctions.Http.Costs;

/// <summary>What keeping a machine costs a month.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Versions">How many versions can be restored.</param>
/// <param name="Bytes">Bytes stored.</param>
/// <param name="BilledBytes">Bytes billed.</param>
/// <param name="Month">What they cost a month.</param>
/// <param name="FullCopies">The same history as full copies, compressed as the base is.</param>
/// <param name="DiskSnapshots">The same history as incremental managed-disk snapshots.</param>
/// <param name="Lines">By version, part and tier.</param>
/// <param name="Used">What the report itself has used of the stores.</param>
/// <param name="Prices">The price table.</param>
public sealed record CostDocument(
    string Machine, int Versions, long Bytes, long BilledBytes, decimal Month,
    OtherWayDocument FullCopies, OtherWayDocument DiskSnapshots,
    IReadOnlyList<CostLineDocument> Lines, UsageDocument Used, PricesDocument Prices)
{
    /// <summary>The document of a report.</summary>
    public static CostDocument Of(CostReport report, PriceTable prices) => new(
        report.Machine, report.Versions, report.Lines.Sum(l => l.Bytes),
        report.Lines.Sum(l => l.BilledBytes), UsageDocument.Rounded(report.Month),
        new OtherWayDocument(report.FullCopyBytes, UsageDocument.Rounded(report.FullCopyMonth)),
        new OtherWayDocument(
            report.DiskSnapshotBytes, UsageDocument.Rounded(report.DiskSnapshotMonth)),
        [.. report.Lines.Select(l => CostLineDocument.Of(l, prices))],
        UsageDocument.Of(report.Used, prices), PricesDocument.Of(prices));
}
