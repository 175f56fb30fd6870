using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Planning;

namespace SnapshotFunctions.Engine.Flows.Checking;

/// <summary>A machine to verify.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Depth">How deep.</param>
/// <param name="Percent">The share of a sampled verification, 1 to 100.</param>
/// <param name="Rotation">
/// Which share: with successive numbers, 100 / percent verifications come by everything.
/// </param>
public sealed record VerifyInput(
    string Machine, CheckDepth Depth = CheckDepth.Quick, int Percent = 10, int Rotation = 0)
{
    /// <summary>The share of a sampled verification, in place of percent and rotation.</summary>
    public VerifyShare? Share { get; init; }
}
