using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// Which index pages a check proves. Pages are spread over a hundred classes by their names; a
/// rotation takes the next few classes, so that 100 / percent rotations have taken every page.
/// </summary>
internal sealed class PageChoice(CheckShardInput input)
{
    /// <summary>Whether a page is proved.</summary>
    public bool Includes(int page)
    {
        if (input.Depth == CheckDepth.Full) return true;
        if (input.Depth == CheckDepth.Quick) return false;
        if (input.Share is { } share)
            return share.Includes($"{input.Disk}/{input.Shard}/{page}");
        var hash = Hash256.Of(Encoding.UTF8.GetBytes($"{input.Disk}/{input.Shard}/{page}"));
        var place = BinaryPrimitives.ReadUInt32BigEndian(hash.ToArray()) % 100;
        var percent = Math.Clamp(input.Percent, 1, 100);
        var first = (long)Math.Max(0, input.Rotation) * percent % 100;
        return (place + 100 - first) % 100 < percent;
    }
}
