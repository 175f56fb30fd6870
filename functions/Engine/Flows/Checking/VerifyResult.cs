using SnapshotFunctions.Engine.Check;

namespace SnapshotFunctions.Engine.Flows.Checking;

/// <summary>What a verification came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Depth">How deep it went.</param>
/// <param name="IsSound">Whether there is no error.</param>
/// <param name="Tally">What was seen and found.</param>
public sealed record VerifyResult(
    string Machine, CheckDepth Depth, bool IsSound, CheckTally Tally);
