namespace SnapshotFunctions.Engine.Costs;

/// <summary>What one tier costs. A GB is 10^9 bytes, a month 30 days.</summary>
/// <param name="GbMonth">A GB kept for a month.</param>
/// <param name="Write10k">10,000 writes.</param>
/// <param name="Read10k">10,000 reads.</param>
/// <param name="List10k">10,000 pages of a listing.</param>
/// <param name="Other10k">10,000 other operations.</param>
/// <param name="RetrievalGb">A GB read back.</param>
/// <param name="MinimumDays">What goes sooner is billed as if it had stayed so long.</param>
/// <param name="MinimumBytes">What is shorter is billed as if it were so long.</param>
public sealed record TierPrices(
    decimal GbMonth, decimal Write10k, decimal Read10k, decimal List10k, decimal Other10k,
    decimal RetrievalGb, int MinimumDays, int MinimumBytes);
