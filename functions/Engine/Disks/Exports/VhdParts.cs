using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Vhd;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>
/// The footer and header of a written VHD. It names Hyper-V as its maker, because readers go by
/// the size field for programs that they know to set it and by the coarser geometry otherwise; its
/// time is the format's first second.
/// </summary>
internal static class VhdParts
{
    private const int SectorBytes = 512;
    private const int MostSectors = 65535 * 16 * 255;

    /// <summary>A footer, and the copy of it that begins a dynamic VHD.</summary>
    public static byte[] Footer(VhdKind kind, long sizeBytes, long dataOffset, Guid id)
    {
        var footer = new byte[VhdFooter.LengthBytes];
        var span = footer.AsSpan();
        "conectix"u8.CopyTo(span);
        BinaryPrimitives.WriteUInt32BigEndian(span[8..], 2);
        BinaryPrimitives.WriteUInt32BigEndian(span[12..], 0x0001_0000);
        BinaryPrimitives.WriteInt64BigEndian(span[16..], dataOffset);
        "win "u8.CopyTo(span[28..]);
        BinaryPrimitives.WriteUInt32BigEndian(span[32..], 0x000A_0000);
        "Wi2k"u8.CopyTo(span[36..]);
        BinaryPrimitives.WriteInt64BigEndian(span[40..], sizeBytes);
        BinaryPrimitives.WriteInt64BigEndian(span[48..], sizeBytes);
        var (cylinders, heads, sectors) = Geometry(sizeBytes / SectorBytes);
        BinaryPrimitives.WriteUInt16BigEndian(span[56..], (ushort)cylinders);
        span[58] = (byte)heads;
        span[59] = (byte)sectors;
        BinaryPrimitives.WriteInt32BigEndian(span[60..], (int)kind);
        id.TryWriteBytes(span[68..], bigEndian: true, out _);
        Seal(span, VhdFooter.ChecksumAt);
        return footer;
    }

    /// <summary>The header of a dynamic VHD.</summary>
    public static byte[] Header(long tableOffset, long entries, int blockBytes)
    {
        var header = new byte[VhdHeader.LengthBytes];
        var span = header.AsSpan();
        "cxsparse"u8.CopyTo(span);
        BinaryPrimitives.WriteInt64BigEndian(span[8..], -1);
        BinaryPrimitives.WriteInt64BigEndian(span[16..], tableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(span[24..], 0x0001_0000);
        BinaryPrimitives.WriteUInt32BigEndian(span[28..], checked((uint)entries));
        BinaryPrimitives.WriteInt32BigEndian(span[32..], blockBytes);
        Seal(span, 36);
        return header;
    }

    /// <summary>Cylinders, heads and sectors by the format's own rule, rounded down.</summary>
    public static (int Cylinders, int Heads, int Sectors) Geometry(long totalSectors)
    {
        var total = (int)Math.Min(totalSectors, MostSectors);
        if (total >= 65535 * 16 * 63)
            return (total / 255 / 16, 16, 255);
        var sectors = 17;
        var tracks = total / sectors;
        var heads = Math.Max(4, (tracks + 1023) / 1024);
        if (tracks >= heads * 1024 || heads > 16)
        {
            (sectors, heads) = (31, 16);
            tracks = total / sectors;
        }

        if (tracks >= heads * 1024)
        {
            (sectors, heads) = (63, 16);
            tracks = total / sectors;
        }

        return (tracks / heads, heads, sectors);
    }

    private static void Seal(Span<byte> structure, int checksumAt) =>
        BinaryPrimitives.WriteUInt32BigEndian(
            structure[checksumAt..], VhdFooter.Checksum(structure, checksumAt));
}
