namespace SnapshotFunctions.Http.Machines;

/// <summary>Why a version is pinned or a machine held.</summary>
/// <param name="Reason">The reason, for people; at most 500 characters.</param>
public sealed record PinRequest(string? Reason = null);
