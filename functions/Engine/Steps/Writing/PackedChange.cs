using System.Buffers;
using System.Numerics;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// The change of one block, ready for a delta: which sectors, which of them are zero, the bytes of
/// the others one after the other in a rented buffer, and what the whole block hashes to.
/// </summary>
internal readonly record struct PackedChange(
    int Block, ushort Changed, ushort Zero, Hash256 Hash, byte[]? Rented)
{
    /// <summary>Whether the block is all zero after the change.</summary>
    public bool IsZero => Hash.IsZero;

    /// <summary>How many sectors are stored.</summary>
    public int StoredCount => BitOperations.PopCount((uint)(Changed & ~Zero));

    /// <summary>Packs the changed sectors of a block as it is after the change.</summary>
    public static PackedChange Of(
        int block, ushort changed, ReadOnlySpan<byte> after, Hash256 hash, Layout layout)
    {
        if (hash.IsZero) return new PackedChange(block, layout.FullMask, layout.FullMask, hash, null);
        var zero = Sectors.ZerosAmong(changed, after, layout);
        var stored = changed & ~zero;
        var count = BitOperations.PopCount((uint)stored);
        if (count == 0) return new PackedChange(block, changed, zero, hash, null);
        var rented = ArrayPool<byte>.Shared.Rent(count * layout.SectorBytes);
        var at = 0;
        for (var s = 0; s < layout.SectorsPerBlock; s++)
        {
            if ((stored >> s & 1) == 0) continue;
            after.Slice(s * layout.SectorBytes, layout.SectorBytes).CopyTo(rented.AsSpan(at));
            at += layout.SectorBytes;
        }
        return new PackedChange(block, changed, zero, hash, rented);
    }

    /// <summary>The stored sectors.</summary>
    public ReadOnlySpan<byte> Stored(Layout layout) =>
        Rented.AsSpan(0, StoredCount * layout.SectorBytes);

    /// <summary>Gives the buffer back.</summary>
    public void Return()
    {
        if (Rented is not null) ArrayPool<byte>.Shared.Return(Rented);
    }
}
