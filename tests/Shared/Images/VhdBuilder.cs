using System.Buffers.Binary;
using System.Text;

namespace SnapshotFunctions.TestShared.Images;

/// <summary>
/// Builds small VHD files from the format's description alone. It shares no code with the reader
/// and checks nothing, so that wrong files can be built as well as right ones.
/// </summary>
public sealed class VhdBuilder
{
    /// <summary>Where a dynamic header lies in the built file.</summary>
    public const int HeaderAt = 512;

    /// <summary>Where the block allocation table lies in the built file.</summary>
    public const int TableAt = 1536;

    private readonly SortedDictionary<int, (byte[] Content, byte[]? Bitmap)> _blocks = [];

    /// <summary>2 fixed, 3 dynamic, 4 differencing.</summary>
    public int Kind { get; init; } = 3;

    /// <summary>The virtual disk's size.</summary>
    public long SizeBytes { get; init; } = 1 << 20;

    /// <summary>The size of a block.</summary>
    public int BlockBytes { get; init; } = 64 << 10;

    /// <summary>The program that made it.</summary>
    public string Creator { get; init; } = "win ";

    /// <summary>Cylinders, heads and sectors.</summary>
    public (int Cylinders, int Heads, int Sectors) Geometry { get; init; } = (60, 2, 17);

    /// <summary>The image's identifier.</summary>
    public Guid Id { get; init; } = new("11112222-3333-4444-5555-666677778888");

    /// <summary>The parent's identifier.</summary>
    public Guid ParentId { get; init; }

    /// <summary>The parent's name.</summary>
    public string ParentName { get; init; } = string.Empty;

    /// <summary>The content of a fixed disk.</summary>
    public byte[] Content { get; init; } = [];

    /// <summary>Blocks of the disk.</summary>
    public int Entries => (int)((SizeBytes + BlockBytes - 1) / BlockBytes);

    private int BitmapBytes => (Math.Max(1, BlockBytes / 512 / 8) + 511) / 512 * 512;

    /// <summary>A stored block; without a bitmap all of its sectors count.</summary>
    public VhdBuilder Block(int index, byte[] content, byte[]? bitmap = null)
    {
        _blocks[index] = (content, bitmap);
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        if (Kind == 2)
        {
            var disk = new byte[SizeBytes + 512];
            Content.CopyTo(disk, 0);
            Footer(disk.AsSpan((int)SizeBytes), -1);
            return disk;
        }

        var at = TableAt + ((Entries * 4) + 511) / 512 * 512;
        var file = new byte[at + (_blocks.Count * (BitmapBytes + BlockBytes)) + 512];
        Footer(file, HeaderAt);
        Header(file.AsSpan(HeaderAt));
        file.AsSpan(TableAt, at - TableAt).Fill(0xFF);
        foreach (var (index, (content, bitmap)) in _blocks)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(TableAt + (index * 4)), at / 512);
            if (bitmap is null)
                file.AsSpan(at, Math.Max(1, BlockBytes / 512 / 8)).Fill(0xFF);
            else
                bitmap.CopyTo(file, at);
            content.CopyTo(file, at + BitmapBytes);
            at += BitmapBytes + BlockBytes;
        }

        file.AsSpan(0, 512).CopyTo(file.AsSpan(at));
        return file;
    }

    /// <summary>Makes the checksums of a changed file right again.</summary>
    public static void Reseal(Span<byte> file)
    {
        if (file.Length < 512)
            return;
        Seal(file[^512..], 512, 64);
        if (!file.StartsWith("conectix"u8))
            return;
        Seal(file, 512, 64);
        if (file.Length >= HeaderAt + 1024)
            Seal(file[HeaderAt..], 1024, 36);
    }

    private static void Seal(Span<byte> structure, int length, int at)
    {
        BinaryPrimitives.WriteInt32BigEndian(structure[at..], 0);
        var sum = 0;
        for (var i = 0; i < length; i++)
            sum += structure[i];
        BinaryPrimitives.WriteInt32BigEndian(structure[at..], ~sum);
    }

    private void Footer(Span<byte> footer, long dataOffset)
    {
        "conectix"u8.CopyTo(footer);
        BinaryPrimitives.WriteInt32BigEndian(footer[8..], 2);
        BinaryPrimitives.WriteInt32BigEndian(footer[12..], 0x10000);
        BinaryPrimitives.WriteInt64BigEndian(footer[16..], dataOffset);
        Encoding.ASCII.GetBytes(Creator).CopyTo(footer[28..]);
        "Wi2k"u8.CopyTo(footer[36..]);
        BinaryPrimitives.WriteInt64BigEndian(footer[40..], SizeBytes);
        BinaryPrimitives.WriteInt64BigEndian(footer[48..], SizeBytes);
        BinaryPrimitives.WriteUInt16BigEndian(footer[56..], (ushort)Geometry.Cylinders);
        footer[58] = (byte)Geometry.Heads;
        footer[59] = (byte)Geometry.Sectors;
        BinaryPrimitives.WriteInt32BigEndian(footer[60..], Kind);
        Id.TryWriteBytes(footer[68..], bigEndian: true, out _);
        Seal(footer, 512, 64);
    }

    private void Header(Span<byte> header)
    {
        "cxsparse"u8.CopyTo(header);
        BinaryPrimitives.WriteInt64BigEndian(header[8..], -1);
        BinaryPrimitives.WriteInt64BigEndian(header[16..], TableAt);
        BinaryPrimitives.WriteInt32BigEndian(header[24..], 0x10000);
        BinaryPrimitives.WriteInt32BigEndian(header[28..], Entries);
        BinaryPrimitives.WriteInt32BigEndian(header[32..], BlockBytes);
        ParentId.TryWriteBytes(header[40..], bigEndian: true, out _);
        Encoding.BigEndianUnicode.GetBytes(ParentName).CopyTo(header[64..]);
        Seal(header, 1024, 36);
    }
}
