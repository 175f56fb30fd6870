namespace SnapshotFunctions.Http.Costs;

/// <summary>What another way of keeping the same history would take.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Month">What they would cost a month.</param>
public sealed record OtherWayDocument(long Bytes, decimal Month);
