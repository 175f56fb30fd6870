namespace SnapshotFunctions.Http.Costs;

/// <summary>What keeping all machines costs a month.</summary>
/// <param name="Machines">Each of this page.</param>
/// <param name="Month">What they cost together.</param>
/// <param name="Next">Where the rest is; absent when this was all.</param>
public sealed record CostsDocument(
    IReadOnlyList<CostDocument> Machines, decimal Month, string? Next);
