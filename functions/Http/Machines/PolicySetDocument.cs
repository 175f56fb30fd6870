using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Http.Machines;

/// <summary>What setting a policy came to.</summary>
/// <param name="Policy">The policy that stands.</param>
/// <param name="Changes">What it says otherwise than the one before.</param>
/// <param name="Expires">
/// The versions that the next retention expires because of it; only told where the call allowed it.
/// </param>
public sealed record PolicySetDocument(
    PolicyDocument Policy, IReadOnlyList<PolicyChange> Changes, IReadOnlyList<int> Expires);
