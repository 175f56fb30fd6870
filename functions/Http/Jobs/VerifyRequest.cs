using SnapshotFunctions.Engine.Check;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>How to verify a machine.</summary>
/// <param name="Depth">
/// <c>quick</c>: objects and indexes; <c>sampled</c>: also a share of the bytes; <c>full</c>: all.
/// </param>
/// <param name="Percent">The share of a sampled verification, 1 to 100.</param>
/// <param name="Rotation">
/// Which share: with successive numbers, 100 / percent verifications come by everything.
/// </param>
public sealed record VerifyRequest(
    CheckDepth Depth = CheckDepth.Quick, int Percent = 10, int Rotation = 0);
