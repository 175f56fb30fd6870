using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// Which block of a commit makes the frame of a content, among windows that run side by side: the
/// lowest that asks. Windows are taken in the blocks' order, so what a block leaves to a lower one
/// is there when it is taken itself; and which block a frame is made for never depends on which
/// window was faster.
/// </summary>
internal sealed class FrameClaims
{
    private readonly ConcurrentDictionary<Hash256, int> _lowest = new();

    /// <summary>
    /// Whether the block makes a frame of its content; else a lower block does. One of two that race
    /// may make a frame that is not needed.
    /// </summary>
    public bool Claim(Hash256 hash, int block)
    {
        while (true)
        {
            var lowest = _lowest.GetOrAdd(hash, block);
            if (lowest < block) return false;
            if (lowest == block || _lowest.TryUpdate(hash, block, lowest)) return true;
        }
    }
}
