using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Writing;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>What came of one window of touched blocks.</summary>
/// <param name="Saved">For each delta, what the blocks were before it, ascending.</param>
/// <param name="Blocks">
/// The blocks as the base shall hold them; no frame where all is zero, or where an equal lower block
/// brings it.
/// </param>
internal sealed record PatchedWindow(
    List<PackedChange>[] Saved,
    List<(int Block, Hash256 Hash, EncodedFrame? Frame)> Blocks);
