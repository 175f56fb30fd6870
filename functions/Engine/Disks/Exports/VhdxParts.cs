using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.Engine.Disks.Vhdx;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>What stands before the blocks of a written VHDX, except its table.</summary>
internal static class VhdxParts
{
    /// <summary>Where the log lies; it is empty.</summary>
    public const long LogOffset = 1 << 20;

    /// <summary>Where the metadata lies.</summary>
    public const long MetadataOffset = 2 << 20;

    /// <summary>Where the block allocation table lies.</summary>
    public const long TableOffset = 3 << 20;

    /// <summary>Logical sectors: what every guest can boot from.</summary>
    public const int SectorBytes = 512;

    private const int PhysicalBytes = 4096;
    private const int ItemsAt = 64 << 10;

    /// <summary>The first 320 KiB: file identifier, headers, region tables.</summary>
    public static byte[] Headers(Guid fileId, Guid dataId, long tableBytes)
    {
        var head = new byte[VhdxRegions.SecondOffset + VhdxRegions.LengthBytes];
        var span = head.AsSpan();
        "vhdxfile"u8.CopyTo(span);
        Encoding.Unicode.GetBytes("SnapshotFunctions").CopyTo(span[8..]);
        Header(span.Slice(VhdxHeader.FirstOffset, VhdxHeader.LengthBytes), 1, fileId, dataId);
        Header(span.Slice(VhdxHeader.SecondOffset, VhdxHeader.LengthBytes), 2, fileId, dataId);
        Regions(span.Slice(VhdxRegions.FirstOffset, VhdxRegions.LengthBytes), tableBytes);
        Regions(span.Slice(VhdxRegions.SecondOffset, VhdxRegions.LengthBytes), tableBytes);
        return head;
    }

    /// <summary>The metadata's table and items; zeros follow to the region's end.</summary>
    public static byte[] Metadata(long sizeBytes, int blockBytes, Guid diskId)
    {
        var region = new byte[ItemsAt + 64];
        var span = region.AsSpan();
        "metadata"u8.CopyTo(span);
        BinaryPrimitives.WriteUInt16LittleEndian(span[10..], 5);
        // Flags: 4 required, 2 of the virtual disk rather than of the file.
        Item(span, 1, VhdxIds.FileParameters, 0, 8, 4);
        Item(span, 2, VhdxIds.DiskSize, 8, 8, 6);
        Item(span, 3, VhdxIds.LogicalSector, 16, 4, 6);
        Item(span, 4, VhdxIds.PhysicalSector, 20, 4, 6);
        Item(span, 5, VhdxIds.DiskId, 24, 16, 6);
        BinaryPrimitives.WriteInt32LittleEndian(span[ItemsAt..], blockBytes);
        BinaryPrimitives.WriteInt64LittleEndian(span[(ItemsAt + 8)..], sizeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(span[(ItemsAt + 16)..], SectorBytes);
        BinaryPrimitives.WriteInt32LittleEndian(span[(ItemsAt + 20)..], PhysicalBytes);
        diskId.TryWriteBytes(span[(ItemsAt + 24)..]);
        return region;
    }

    private static void Header(Span<byte> header, ulong sequence, Guid fileId, Guid dataId)
    {
        "head"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], sequence);
        fileId.TryWriteBytes(header[16..]);
        dataId.TryWriteBytes(header[32..]);
        BinaryPrimitives.WriteUInt16LittleEndian(header[66..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[68..], (uint)(MetadataOffset - LogOffset));
        BinaryPrimitives.WriteInt64LittleEndian(header[72..], LogOffset);
        Crc32C.Seal(header);
    }

    private static void Regions(Span<byte> table, long tableBytes)
    {
        "regi"u8.CopyTo(table);
        BinaryPrimitives.WriteUInt32LittleEndian(table[8..], 2);
        Region(table[16..], VhdxIds.Bat, TableOffset, tableBytes);
        Region(table[48..], VhdxIds.Metadata, MetadataOffset, TableOffset - MetadataOffset);
        Crc32C.Seal(table);
    }

    private static void Region(Span<byte> entry, Guid id, long offset, long lengthBytes)
    {
        id.TryWriteBytes(entry);
        BinaryPrimitives.WriteInt64LittleEndian(entry[16..], offset);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], checked((uint)lengthBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(entry[28..], 1);
    }

    private static void Item(
        Span<byte> region, int number, Guid id, int offset, int lengthBytes, uint flags)
    {
        var entry = region[(number * 32)..];
        id.TryWriteBytes(entry);
        BinaryPrimitives.WriteInt32LittleEndian(entry[16..], ItemsAt + offset);
        BinaryPrimitives.WriteInt32LittleEndian(entry[20..], lengthBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], flags);
    }
}
