using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Writing;

namespace SnapshotFunctions.Engine.Steps.Ingestion;

/// <summary>One block that differs from the newest version: for a delta, or for a first base.</summary>
/// <param name="Change">Its change; also names block and hash.</param>
/// <param name="Frame">
/// Its whole content, encoded, where a base is written; null where an equal lower block brings it.
/// </param>
internal readonly record struct IngestedBlock(PackedChange Change, EncodedFrame? Frame)
{
    /// <summary>The block.</summary>
    public int Block => Change.Block;

    /// <summary>What it hashes to now.</summary>
    public Hash256 Hash => Change.Hash;
}
