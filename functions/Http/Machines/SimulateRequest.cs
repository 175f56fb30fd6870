using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Http.Machines;

/// <summary>What to try.</summary>
/// <param name="Policy">The policy; without it the machine's own.</param>
/// <param name="Every">How often snapshots come: <c>1h</c>; without it as they came so far.</param>
/// <param name="Days">How many days to look ahead.</param>
public sealed record SimulateRequest(
    PolicyDocument? Policy = null, string? Every = null, int Days = 365);
