namespace SnapshotFunctions.Http.Mounts;

/// <summary>What to make of a mount.</summary>
/// <param name="To">
/// The name of the clone that is made of the mount's version; what was written becomes its second.
/// </param>
/// <param name="Label">What to call that version; at most 200 characters.</param>
public sealed record CommitMountRequest(string To, string? Label = null);
