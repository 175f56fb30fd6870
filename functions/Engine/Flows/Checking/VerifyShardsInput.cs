using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Planning;

namespace SnapshotFunctions.Engine.Flows.Checking;

/// <summary>Neighbouring shards of one disk to verify side by side.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="First">The first shard.</param>
/// <param name="Count">How many; at most as many as a sub-flow has steps.</param>
/// <param name="Depth">How deep.</param>
/// <param name="Percent">The share of a sampled verification.</param>
/// <param name="Rotation">Which share.</param>
public sealed record VerifyShardsInput(
    string Machine, string Disk, int First, int Count, CheckDepth Depth, int Percent, int Rotation)
{
    /// <summary>The share, in place of percent and rotation; null for these.</summary>
    public VerifyShare? Share { get; init; }
}
