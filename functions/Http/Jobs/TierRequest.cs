namespace SnapshotFunctions.Http.Jobs;

/// <summary>Moves reverse incrementals down the machine's ladder; nothing is to be said besides.</summary>
public sealed record TierRequest;
