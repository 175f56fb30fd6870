using System.Buffers.Binary;
using System.Text;

namespace SnapshotFunctions.TestShared.Images;

/// <summary>
/// Builds small VHDX files from the format's description alone. It shares no code with the reader
/// and checks nothing, so that wrong files can be built as well as right ones. The log lies at 1,
/// the metadata at 2, the block allocation table at 3 and what it names from 4 MiB on.
/// </summary>
public sealed class VhdxBuilder
{
    /// <summary>Where the log lies in the built file.</summary>
    public const int LogAt = MiB;

    /// <summary>Where the metadata lies in the built file.</summary>
    public const int MetadataAt = 2 * MiB;

    /// <summary>Where the block allocation table lies in the built file.</summary>
    public const int TableAt = 3 * MiB;

    private const int MiB = 1 << 20;
    private static readonly uint[] Crc = CrcTable();
    private readonly SortedDictionary<int, (int State, byte[] Content)> _blocks = [];
    private readonly SortedDictionary<int, byte[]> _bitmaps = [];
    private readonly List<(int At, byte[] Entry)> _log = [];

    /// <summary>The virtual disk's size.</summary>
    public long SizeBytes { get; init; } = 8 * MiB;

    /// <summary>The size of a block.</summary>
    public int BlockBytes { get; init; } = MiB;

    /// <summary>The logical sector size.</summary>
    public int SectorBytes { get; init; } = 512;

    /// <summary>What the parent locator says; none without a parent.</summary>
    public IReadOnlyDictionary<string, string>? Parent { get; init; }

    /// <summary>The data identifier.</summary>
    public Guid DataId { get; init; } = new("11112222-3333-4444-5555-666677778888");

    /// <summary>The log's identifier; empty: nothing to replay.</summary>
    public Guid LogId { get; init; }

    private int ChunkBlocks => (int)(((long)SectorBytes << 23) / BlockBytes);

    /// <summary>A block in a state; the content is stored in states 6 and 7.</summary>
    public VhdxBuilder Block(int index, int state, byte[]? content = null)
    {
        _blocks[index] = (state, content ?? []);
        return this;
    }

    /// <summary>A chunk's sector bitmap.</summary>
    public VhdxBuilder Bitmap(int chunk, byte[] bits)
    {
        _bitmaps[chunk] = bits;
        return this;
    }

    /// <summary>An entry of the log, at a place in the log.</summary>
    public VhdxBuilder Log(int at, byte[] entry)
    {
        _log.Add((at, entry));
        return this;
    }

    /// <summary>Where a block's table entry lies.</summary>
    public int EntryAt(int block) => TableAt + ((block + (block / ChunkBlocks)) * 8);

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        var at = 4 * MiB;
        var stored = _blocks.Values.Count(b => b.State >= 6);
        var file = new byte[at + ((long)stored * BlockBytes) + (_bitmaps.Count * MiB)];
        "vhdxfile"u8.CopyTo(file);
        Header(file.AsSpan(64 << 10), 1);
        Header(file.AsSpan(128 << 10), 2);
        Regions(file.AsSpan(192 << 10));
        Regions(file.AsSpan(256 << 10));
        Metadata(file.AsSpan(MetadataAt));
        foreach (var (index, (state, content)) in _blocks)
        {
            var entry = (ulong)state;
            if (state >= 6)
            {
                entry |= (uint)at;
                content.CopyTo(file, at);
                at += BlockBytes;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(EntryAt(index)), entry);
        }

        foreach (var (chunk, bits) in _bitmaps)
        {
            bits.CopyTo(file, at);
            BinaryPrimitives.WriteUInt64LittleEndian(
                file.AsSpan(TableAt + ((((chunk + 1) * (ChunkBlocks + 1)) - 1) * 8)),
                (uint)at | 6UL);
            at += MiB;
        }

        foreach (var (place, entry) in _log)
        {
            for (var i = 0; i < entry.Length; i++)
                file[LogAt + ((place + i) % MiB)] = entry[i];
        }

        return file;
    }

    /// <summary>One entry of the log with a right checksum.</summary>
    /// <param name="logId">The log's identifier.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="tail">Where in the log the sequence begins.</param>
    /// <param name="fileBytes">The file's length, flushed and last.</param>
    /// <param name="changes">Sectors to write, or ranges of zeros.</param>
    public static byte[] LogEntry(
        Guid logId, ulong sequence, int tail, (long Flushed, long Last) fileBytes,
        params (long Offset, byte[]? Sector, long Zeros)[] changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var descriptors = (64 + (changes.Length * 32) + 4095) / 4096 * 4096;
        var entry = new byte[descriptors + (changes.Count(c => c.Sector is not null) * 4096)];
        var span = entry.AsSpan();
        "loge"u8.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], entry.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], tail);
        BinaryPrimitives.WriteUInt64LittleEndian(span[16..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], changes.Length);
        logId.TryWriteBytes(span[32..]);
        BinaryPrimitives.WriteInt64LittleEndian(span[48..], fileBytes.Flushed);
        BinaryPrimitives.WriteInt64LittleEndian(span[56..], fileBytes.Last);
        var (at, data) = (64, descriptors);
        foreach (var (offset, sector, zeros) in changes)
        {
            var descriptor = span[at..];
            BinaryPrimitives.WriteInt64LittleEndian(descriptor[16..], offset);
            BinaryPrimitives.WriteUInt64LittleEndian(descriptor[24..], sequence);
            at += 32;
            if (sector is null)
            {
                "zero"u8.CopyTo(descriptor);
                BinaryPrimitives.WriteInt64LittleEndian(descriptor[8..], zeros);
                continue;
            }

            "desc"u8.CopyTo(descriptor);
            sector.AsSpan(4092, 4).CopyTo(descriptor[4..]);
            sector.AsSpan(0, 8).CopyTo(descriptor[8..]);
            sector.CopyTo(span[data..]);
            "data"u8.CopyTo(span[data..]);
            BinaryPrimitives.WriteUInt32LittleEndian(span[(data + 4)..], (uint)(sequence >> 32));
            BinaryPrimitives.WriteUInt32LittleEndian(span[(data + 4092)..], (uint)sequence);
            data += 4096;
        }

        Seal(span);
        return entry;
    }

    /// <summary>Makes a structure's checksum, its bytes 4 to 7, right.</summary>
    public static void Seal(Span<byte> structure)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(structure[4..], 0);
        var crc = uint.MaxValue;
        foreach (var value in structure)
            crc = Crc[(byte)(crc ^ value)] ^ (crc >> 8);
        BinaryPrimitives.WriteUInt32LittleEndian(structure[4..], ~crc);
    }

    /// <summary>Makes the checksums of a changed file's headers and region tables right again.</summary>
    public static void Reseal(byte[] file)
    {
        foreach (var (at, length) in new[]
        {
            (64 << 10, 4096), (128 << 10, 4096), (192 << 10, 64 << 10), (256 << 10, 64 << 10),
        })
            Seal(file.AsSpan(at, length));
    }

    private static uint[] CrcTable()
    {
        var table = new uint[256];
        for (var i = 0U; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value >> 1) ^ ((value & 1) * 0x82F63B78);
            table[i] = value;
        }

        return table;
    }

    private void Header(Span<byte> header, ulong sequence)
    {
        "head"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], sequence);
        new Guid("99990000-0000-4000-8000-000000000001").TryWriteBytes(header[16..]);
        DataId.TryWriteBytes(header[32..]);
        LogId.TryWriteBytes(header[48..]);
        BinaryPrimitives.WriteInt16LittleEndian(header[66..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[68..], MiB);
        BinaryPrimitives.WriteInt64LittleEndian(header[72..], LogAt);
        Seal(header[..4096]);
    }

    private static void Regions(Span<byte> table)
    {
        "regi"u8.CopyTo(table);
        BinaryPrimitives.WriteInt32LittleEndian(table[8..], 2);
        Region(table[16..], "2DC27766-F623-4200-9D64-115E9BFD4A08", TableAt);
        Region(table[48..], "8B7CA206-4790-4B9A-B8FE-575F050F886E", MetadataAt);
        Seal(table[..(64 << 10)]);
    }

    private static void Region(Span<byte> entry, string id, long offset)
    {
        new Guid(id).TryWriteBytes(entry);
        BinaryPrimitives.WriteInt64LittleEndian(entry[16..], offset);
        BinaryPrimitives.WriteInt32LittleEndian(entry[24..], MiB);
        BinaryPrimitives.WriteInt32LittleEndian(entry[28..], 1);
    }

    private void Metadata(Span<byte> region)
    {
        "metadata"u8.CopyTo(region);
        var items = new List<(string Id, byte[] Content, int Flags)>
        {
            ("CAA16737-FA36-4D43-B3B6-33F0AA44E76B",
                [.. BitConverter.GetBytes(BlockBytes), .. BitConverter.GetBytes(
                    Parent is null ? 0 : 2)], 4),
            ("2FA54224-CD1B-4876-B211-5DBED83BF4B8", BitConverter.GetBytes(SizeBytes), 6),
            ("BECA12AB-B2E6-4523-93EF-C309E000C746", [.. Enumerable.Repeat((byte)7, 16)], 6),
            ("8141BF1D-A96F-4709-BA47-F233A8FAAB5F", BitConverter.GetBytes(SectorBytes), 6),
            ("CDA348C7-445D-4471-9CC9-E9885251C556", BitConverter.GetBytes(4096), 6),
        };
        if (Parent is not null)
            items.Add(("A8D35F2D-B30B-454D-ABF7-D3D84834AB0C", Locator(Parent), 4));
        BinaryPrimitives.WriteInt16LittleEndian(region[10..], (short)items.Count);
        var (entryAt, at) = (32, 64 << 10);
        foreach (var (id, content, flags) in items)
        {
            var entry = region[entryAt..];
            new Guid(id).TryWriteBytes(entry);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], at);
            BinaryPrimitives.WriteInt32LittleEndian(entry[20..], content.Length);
            BinaryPrimitives.WriteInt32LittleEndian(entry[24..], flags);
            content.CopyTo(region[at..]);
            entryAt += 32;
            at += content.Length;
        }
    }

    private static byte[] Locator(IReadOnlyDictionary<string, string> values)
    {
        var head = new byte[20 + (values.Count * 12)];
        new Guid("B04AEFB7-D19E-4A81-B789-25B8E9445913").TryWriteBytes(head);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(18), (short)values.Count);
        var (texts, entryAt) = (new List<byte>(), 20);
        foreach (var (key, value) in values)
        {
            foreach (var (text, place, lengthAt) in new[] { (key, 0, 8), (value, 4, 10) })
            {
                var bytes = Encoding.Unicode.GetBytes(text);
                BinaryPrimitives.WriteInt32LittleEndian(
                    head.AsSpan(entryAt + place), head.Length + texts.Count);
                BinaryPrimitives.WriteInt16LittleEndian(
                    head.AsSpan(entryAt + lengthAt), (short)bytes.Length);
                texts.AddRange(bytes);
            }

            entryAt += 12;
        }

        return [.. head, .. texts];
    }
}
