using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>Header, descriptor and markers of a written stream-optimized VMDK.</summary>
internal static class VmdkStreamParts
{
    /// <summary>Grains of 64 KiB, as every other writer makes them.</summary>
    public const int GrainBits = 16;

    /// <summary>Grains that one table maps.</summary>
    public const int TableEntries = 512;

    /// <summary>Bytes before the first grain: header, descriptor, and room for it to grow.</summary>
    public const int HeadBytes = 128 * Sector;

    private const int Sector = VmdkHeader.SectorBytes;
    private const int DescriptorSectors = 20;
    private const long AtEnd = -1;

    /// <summary>A marker of what follows it: 1 table, 2 directory, 3 footer, 0 the end.</summary>
    public static void Marker(Span<byte> sector, long sectors, uint type)
    {
        sector[..Sector].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(sector, sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[12..], type);
    }

    /// <summary>
    /// A header; where its directory lies is known to the one at the end alone, the footer.
    /// </summary>
    public static void Header(Span<byte> sector, long sizeBytes, long? directoryOffset)
    {
        sector[..Sector].Clear();
        "KDMV"u8.CopyTo(sector);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[4..], 3);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[8..], 0x0003_0001);
        BinaryPrimitives.WriteInt64LittleEndian(sector[12..], sizeBytes / Sector);
        BinaryPrimitives.WriteInt64LittleEndian(sector[20..], (1 << GrainBits) / Sector);
        BinaryPrimitives.WriteInt64LittleEndian(sector[28..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(sector[36..], DescriptorSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[44..], TableEntries);
        BinaryPrimitives.WriteInt64LittleEndian(
            sector[56..], directoryOffset is { } at ? at / Sector : AtEnd);
        BinaryPrimitives.WriteInt64LittleEndian(sector[64..], HeadBytes / Sector);
        "\n \r\n"u8.CopyTo(sector[73..]);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[77..], 1);
    }

    /// <summary>All that stands before the first grain.</summary>
    public static byte[] Head(long sizeBytes, uint contentId)
    {
        var head = new byte[HeadBytes];
        Header(head, sizeBytes, null);
        Encoding.ASCII.GetBytes(Descriptor(sizeBytes, contentId)).CopyTo(head.AsSpan(Sector));
        return head;
    }

    private static string Descriptor(long sizeBytes, uint contentId)
    {
        // Of IDE, which the type stands for: the disk database has to name some controller.
        var sectors = sizeBytes / Sector;
        var cylinders = Math.Min(16_383, Math.Max(1, sectors / 16 / 63));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Disk DescriptorFile
            version=1
            CID={contentId:x8}
            parentCID=ffffffff
            createType="streamOptimized"

            # Extent description
            RDONLY {sectors} SPARSE "disk.vmdk"

            # The Disk Data Base
            #DDB

            ddb.adapterType = "ide"
            ddb.geometry.cylinders = "{cylinders}"
            ddb.geometry.heads = "16"
            ddb.geometry.sectors = "63"
            ddb.virtualHWVersion = "4"

            """).ReplaceLineEndings("\n");
    }
}
