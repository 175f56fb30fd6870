using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SnapshotFunctions.TestShared.Images;

/// <summary>
/// Builds small VMDK files from the format's description alone. It shares no code with the reader
/// and checks nothing, so that wrong files can be built as well as right ones.
/// </summary>
public sealed class VmdkBuilder
{
    private const int Sector = 512;
    private readonly SortedDictionary<int, byte[]?> _grains = [];

    /// <summary>The disk's size in sectors.</summary>
    public int Sectors { get; init; } = 2048;

    /// <summary>A grain's size in sectors.</summary>
    public int GrainSectors { get; init; } = 8;

    /// <summary>Entries of a grain table.</summary>
    public int TableEntries { get; init; } = 512;

    /// <summary>Whether grains are deflated, each behind a marker.</summary>
    public bool IsCompressed { get; init; }

    /// <summary>Whether the directory's place is told by a footer alone.</summary>
    public bool HasFooter { get; init; }

    /// <summary>Whether it has the header of ESX's sparse extents.</summary>
    public bool IsEsx { get; init; }

    /// <summary>The flags of a hosted header; null for those that fit.</summary>
    public uint? Flags { get; init; }

    /// <summary>The descriptor within; null for the usual one, empty for none.</summary>
    public string? Descriptor { get; init; }

    /// <summary>The parent's content identifier.</summary>
    public string ParentId { get; init; } = "ffffffff";

    /// <summary>The parent's file.</summary>
    public string? ParentName { get; init; }

    /// <summary>Bytes of a descriptor's room.</summary>
    public int DescriptorBytes { get; init; } = 2 * Sector;

    /// <summary>Where the directory lies in the file last built.</summary>
    public int DirectoryAt { get; private set; }

    /// <summary>Where the first grain table lies in the file last built.</summary>
    public int TableAt { get; private set; }

    /// <summary>Grain tables, one for each part of the disk.</summary>
    public int Tables => (Grains + TableEntries - 1) / TableEntries;

    /// <summary>Grains of the disk.</summary>
    public int Grains => (Sectors + GrainSectors - 1) / GrainSectors;

    /// <summary>A grain's bytes.</summary>
    public int GrainBytes => GrainSectors * Sector;

    /// <summary>A stored grain; null for the entry that stands for zeros.</summary>
    public VmdkBuilder Grain(int index, byte[]? content)
    {
        _grains[index] = content;
        return this;
    }

    /// <summary>A descriptor's text.</summary>
    public static string Text(
        string type, string extents, string id = "0badcafe", string parent = "ffffffff",
        string? parentName = null) =>
        $"""
        # Disk DescriptorFile
        version=1
        CID={id}
        parentCID={parent}
        createType="{type}"
        {(parentName is null ? "#" : $"parentFileNameHint=\"{parentName}\"")}

        # Extent description
        {extents}

        # The Disk Data Base
        #DDB
        ddb.adapterType = "ide"
        ddb.geometry.cylinders = "17"
        ddb.geometry.heads = "16"
        ddb.geometry.sectors = "63"
        ddb.virtualHWVersion = "4"

        """.ReplaceLineEndings("\n");

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        using var file = new MemoryStream();
        var text = Descriptor ?? Text(
            IsCompressed ? "streamOptimized" : "monolithicSparse",
            $"RW {Sectors} SPARSE \"disk.vmdk\"", parent: ParentId, parentName: ParentName);
        file.Write(new byte[Sector]);
        if (!IsEsx)
        {
            var room = new byte[DescriptorBytes];
            Encoding.UTF8.GetBytes(text).CopyTo(room.AsSpan());
            file.Write(room);
        }

        Align(file, 4 * Sector);
        var entries = new uint[Tables * TableEntries];
        var directory = new uint[Tables];
        if (!HasFooter)
            file.Position = WriteTables(file, directory, entries);
        foreach (var (index, content) in _grains)
            entries[index] = content is null ? 1 : Write(file, index, content);
        if (HasFooter)
        {
            file.Write(Marker(1, 1));
            file.Position = WriteTables(file, directory, entries);
            file.Write(Marker(1, 3));
            file.Write(Header(DirectoryAt / Sector));
            file.Write(Marker(0, 0));
        }
        else
        {
            file.Position = DirectoryAt;
            WriteTables(file, directory, entries);
        }

        file.Position = 0;
        file.Write(IsEsx ? EsxHeader() : Header(HasFooter ? -1 : DirectoryAt / Sector));
        return file.ToArray();
    }

    private long WriteTables(MemoryStream file, uint[] directory, uint[] entries)
    {
        DirectoryAt = (int)file.Position;
        TableAt = DirectoryAt + (((directory.Length * 4) + Sector - 1) / Sector * Sector);
        var tableBytes = ((TableEntries * 4) + Sector - 1) / Sector * Sector;
        var bytes = new byte[TableAt - DirectoryAt + (directory.Length * tableBytes)];
        for (var i = 0; i < directory.Length; i++)
        {
            var at = TableAt - DirectoryAt + (i * tableBytes);
            Put32(bytes, i * 4, (uint)((DirectoryAt + at) / Sector));
            for (var j = 0; j < TableEntries; j++)
                Put32(bytes, at + (j * 4), entries[(i * TableEntries) + j]);
        }

        file.Write(bytes);
        return DirectoryAt + bytes.Length;
    }

    private uint Write(MemoryStream file, int index, byte[] content)
    {
        Align(file, Sector);
        var place = (uint)(file.Position / Sector);
        if (IsCompressed)
        {
            using var packed = new MemoryStream();
            using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                zlib.Write(content);
            var marker = new byte[12];
            BinaryPrimitives.WriteInt64LittleEndian(marker, (long)index * GrainSectors);
            Put32(marker, 8, (uint)packed.Length);
            file.Write(marker);
            content = packed.ToArray();
        }

        file.Write(content);
        Align(file, Sector);
        return place;
    }

    private byte[] Header(long directorySector)
    {
        var header = new byte[Sector];
        "KDMV"u8.CopyTo(header);
        Put32(header, 4, IsCompressed ? 3U : 2U);
        Put32(header, 8, Flags ?? (IsCompressed ? 0x3_0005U : 5U));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(12), Sectors);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(20), GrainSectors);
        if (Descriptor is not { Length: 0 })
        {
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(28), 1);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(36), DescriptorBytes / Sector);
        }

        Put32(header, 44, (uint)TableEntries);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(56), directorySector);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(64), 8);
        "\n \r\n"u8.CopyTo(header.AsSpan(73));
        header[77] = IsCompressed ? (byte)1 : (byte)0;
        return header;
    }

    private byte[] EsxHeader()
    {
        var header = new byte[Sector];
        "COWD"u8.CopyTo(header);
        Put32(header, 4, 1);
        Put32(header, 8, 3);
        Put32(header, 12, (uint)Sectors);
        Put32(header, 16, (uint)GrainSectors);
        Put32(header, 20, (uint)(DirectoryAt / Sector));
        Put32(header, 24, (uint)Tables);
        return header;
    }

    private static byte[] Marker(long sectors, uint type)
    {
        var marker = new byte[Sector];
        BinaryPrimitives.WriteInt64LittleEndian(marker, sectors);
        Put32(marker, 12, type);
        return marker;
    }

    private static void Align(MemoryStream file, int unit)
    {
        var left = (int)(-file.Position & (unit - 1));
        file.Write(new byte[left]);
    }

    private static void Put32(byte[] bytes, int at, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
}
