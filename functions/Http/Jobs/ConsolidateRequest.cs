namespace SnapshotFunctions.Http.Jobs;

/// <summary>Where to move the base.</summary>
/// <param name="Base">
/// The version that becomes the base; without it the machine's rule chooses.
/// </param>
public sealed record ConsolidateRequest(int? Base = null);
