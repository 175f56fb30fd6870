namespace SnapshotFunctions.Engine.Costs;

/// <summary>A part of a planned object.</summary>
/// <param name="Id">The block's id.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Content">Its bytes, where they are few enough to be kept.</param>
/// <param name="RealOffset">Where it lies in the store beneath, for one that is kept from there.</param>
internal sealed record PlannedBlock(
    string Id, int LengthBytes, byte[]? Content, long RealOffset = -1);
