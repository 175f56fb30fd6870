using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>One delta in a pack: its frames and, right behind them, a copy of its index.</summary>
/// <param name="Disk">The disk's name.</param>
/// <param name="Shard">The shard's number.</param>
/// <param name="From">The version it is laid over.</param>
/// <param name="To">The version it leads to.</param>
/// <param name="Offset">Where its frames begin in the pack.</param>
/// <param name="DataBytes">Bytes of frames.</param>
/// <param name="IndexBytes">Bytes of the copy of its index.</param>
public readonly record struct PackMember(
    string Disk, int Shard, int From, int To, long Offset, long DataBytes, int IndexBytes)
{
    /// <summary>One past its last byte in the pack.</summary>
    public long End => Offset + DataBytes + IndexBytes;
}
