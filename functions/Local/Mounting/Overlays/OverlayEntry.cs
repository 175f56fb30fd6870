using System.Buffers.Binary;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>Where a sector's content is.</summary>
/// <param name="Kind">Below the overlay, nowhere as it is zeros, or in the data file.</param>
/// <param name="Slot">Its place in the data file.</param>
/// <param name="Checksum">The checksum of its content there.</param>
internal readonly record struct OverlayEntry(EntryKind Kind, long Slot, uint Checksum)
{
    /// <summary>Bytes of an entry; they never lie across two sectors of a disk.</summary>
    public const int Bytes = 16;

    private const ulong ZeroMark = 1;
    private const ulong FirstSlot = 2;

    /// <summary>A sector of zeros.</summary>
    public static OverlayEntry Zero { get; } = new(EntryKind.Zero, 0, 0);

    /// <summary>Reads an entry; null when it is not as it was written.</summary>
    public static OverlayEntry? Read(ReadOnlySpan<byte> entry, long sector)
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(entry);
        var sum = BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
        var check = BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
        if (value == 0 && sum == 0 && check == 0) return default(OverlayEntry);
        if (check != Checksums.Of(entry[..12], where: (ulong)sector)) return null;
        return value switch
        {
            0 => default(OverlayEntry),
            ZeroMark => Zero,
            _ => new OverlayEntry(EntryKind.Data, (long)(value - FirstSlot), sum),
        };
    }

    /// <summary>Writes the entry.</summary>
    public void Write(Span<byte> entry, long sector)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(entry, Kind switch
        {
            EntryKind.Below => 0,
            EntryKind.Zero => ZeroMark,
            _ => (ulong)Slot + FirstSlot,
        });
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(
            entry[12..], Checksums.Of(entry[..12], where: (ulong)sector));
    }
}
