namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>What <c>PlanRehydration</c> looks for.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version; null for the newest.</param>
/// <param name="Disk">The disk; null where there is only one.</param>
/// <param name="Offset">The first byte of the range.</param>
/// <param name="LengthBytes">Its length; null for all that follows.</param>
/// <param name="Shard">The shard to go on at.</param>
/// <param name="After">The object of that shard after which to go on; empty for its first.</param>
/// <param name="FromVersion">Only what differs from this version is to be read; null for all.</param>
/// <param name="LastingFor">
/// The job that is to leave copies to readers: those count that are its own or stay for long. Null
/// where all count, those too that another job will remove at its end.
/// </param>
public sealed record PlanRehydrationInput(
    string Machine, int? Version, string? Disk, long Offset, long? LengthBytes, int Shard = 0,
    string After = "", int? FromVersion = null, string? LastingFor = null);
