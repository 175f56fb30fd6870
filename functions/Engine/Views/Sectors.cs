using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Views;

/// <summary>Work on the sectors of one block. All spans are whole blocks unless said otherwise.</summary>
public static class Sectors
{
    /// <summary>Whether bytes are all zero.</summary>
    public static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);

    /// <summary>SHA-256 of a block, or Zero when it is all zero.</summary>
    public static Hash256 HashOf(ReadOnlySpan<byte> block) =>
        IsZero(block) ? Hash256.Zero : Hash256.Of(block);

    /// <summary>A bit for every sector in which two blocks differ.</summary>
    public static ushort Differing(
        ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Layout layout)
    {
        var mask = 0;
        for (var s = 0; s < layout.SectorsPerBlock; s++)
        {
            var at = s * layout.SectorBytes;
            if (!left.Slice(at, layout.SectorBytes).SequenceEqual(
                right.Slice(at, layout.SectorBytes))) mask |= 1 << s;
        }
        return (ushort)mask;
    }

    /// <summary>Which of some sectors of a block are zero.</summary>
    public static ushort ZerosAmong(ushort sectors, ReadOnlySpan<byte> block, Layout layout)
    {
        var mask = 0;
        for (var s = 0; s < layout.SectorsPerBlock; s++)
        {
            if ((sectors >> s & 1) != 0
                && IsZero(block.Slice(s * layout.SectorBytes, layout.SectorBytes))) mask |= 1 << s;
        }
        return (ushort)mask;
    }

    /// <summary>Lays sectors over a block: zeros, and what a frame holds of it.</summary>
    /// <param name="block">The block to change.</param>
    /// <param name="take">The sectors to lay.</param>
    /// <param name="zero">Which of them are zero.</param>
    /// <param name="stored">The block's sectors in <paramref name="held"/>, ascending.</param>
    /// <param name="held">The frame from the block's first stored sector on.</param>
    /// <param name="layout">The sizes.</param>
    public static void Lay(
        Span<byte> block, ushort take, ushort zero, ushort stored, ReadOnlySpan<byte> held,
        Layout layout)
    {
        var size = layout.SectorBytes;
        var at = 0;
        for (var s = 0; s < layout.SectorsPerBlock; s++)
        {
            var bit = 1 << s;
            var target = block.Slice(s * size, size);
            if ((zero & take & bit) != 0) target.Clear();
            else if ((take & stored & bit) != 0) held.Slice(at, size).CopyTo(target);
            if ((stored & bit) != 0) at += size;
        }
    }
}
