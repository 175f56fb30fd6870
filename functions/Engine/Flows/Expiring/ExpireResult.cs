namespace SnapshotFunctions.Engine.Flows.Expiring;

/// <summary>What an expiry came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Expired">The versions that are gone, ascending.</param>
/// <param name="Hidden">
/// The versions that can no longer be restored but whose bytes others need, ascending; they go
/// with a later run of retention.
/// </param>
/// <param name="Completed">Those of the expired that an earlier run had hidden, ascending.</param>
/// <param name="Operations">How many operations it took.</param>
/// <param name="ReadBytes">Bytes of deltas' data that were read.</param>
/// <param name="StoredBytes">Bytes of deltas' data that were written.</param>
/// <param name="Halted">Why the policy lets nothing expire, in words; null when it decides.</param>
/// <param name="IsComplete">Whether all was looked at; not so when it was cancelled.</param>
public sealed record ExpireResult(
    string Machine, IReadOnlyList<int> Expired, IReadOnlyList<int> Hidden,
    IReadOnlyList<int> Completed, int Operations, long ReadBytes, long StoredBytes,
    string? Halted = null, bool IsComplete = true);
