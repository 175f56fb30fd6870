namespace SnapshotFunctions.Engine.Costs;

/// <summary>What keeping a machine costs a month, and what two other ways of keeping it would.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Versions">The versions that can be restored.</param>
/// <param name="Lines">By version, part and tier.</param>
/// <param name="Month">What all of it costs a month.</param>
/// <param name="FullCopyBytes">
/// Bytes of the same history as full copies: each version stored whole, compressed as the base is.
/// </param>
/// <param name="FullCopyMonth">What they would cost a month, in the base's tier.</param>
/// <param name="DiskSnapshotBytes">
/// Bytes of the same history as incremental managed-disk snapshots: what the first one uses, then
/// what each changed.
/// </param>
/// <param name="DiskSnapshotMonth">What they would cost a month.</param>
/// <param name="Used">What the report itself has used of the stores.</param>
public sealed record CostReport(
    string Machine, int Versions, IReadOnlyList<CostLine> Lines, decimal Month,
    long FullCopyBytes, decimal FullCopyMonth, long DiskSnapshotBytes, decimal DiskSnapshotMonth,
    Usage Used)
{
    /// <summary>What a line costs a month.</summary>
    public static decimal MonthOf(CostLine line, PriceTable prices) =>
        prices.Month(line.Tier, line.BilledBytes);
}
