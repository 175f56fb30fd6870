using System.IO.Hashing;
using System.Text;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Store;

/// <summary>
/// The bytes of a head file, little-endian:
/// <code>
/// 0   8  "SFHEAD01"          8  16 revision      24  16 state (the ETag)
/// 40  4  bytes of properties 44  4 bytes of tables  48  8 inline bytes, -1 for none
/// 56     properties, XxHash128 of all before; tables, their XxHash128; inline bytes, theirs
/// </code>
/// A head is synced before it gets its name, so a hash that fails means a damaged disk.
/// </summary>
internal static class HeadFormat
{
    internal const int FixedBytes = 56;
    private const int HashBytes = 16;
    private const int FirstReadBytes = 4096;
    private const int MostSectionBytes = 64 << 20;
    private static readonly byte[] Magic = "SFHEAD01"u8.ToArray();

    /// <summary>All of a head file but the inline bytes and their hash.</summary>
    internal static byte[] Encode(ObjectHead head)
    {
        var properties = Section(writer => WriteProperties(writer, head));
        var tables = Section(writer => WriteTables(writer, head));
        var bytes = new byte[FixedBytes + properties.Length + tables.Length + (2 * HashBytes)];
        using var writer = new BinaryWriter(new MemoryStream(bytes));
        writer.Write(Magic);
        writer.Write(head.Revision.ToByteArray());
        writer.Write(head.State.ToByteArray());
        writer.Write(properties.Length);
        writer.Write(tables.Length);
        writer.Write((long)head.InlineBytes);
        writer.Write(properties);
        writer.Write(XxHash128.Hash(bytes.AsSpan(0, FixedBytes + properties.Length)));
        writer.Write(tables);
        writer.Write(XxHash128.Hash(tables));
        return bytes;
    }

    /// <summary>The revision that stands, which costs one small read.</summary>
    internal static Guid ReadRevision(IFile file, string name)
    {
        Span<byte> bytes = stackalloc byte[24];
        return file.Read(0, bytes) == bytes.Length && bytes[..8].SequenceEqual(Magic)
            ? new Guid(bytes[8..])
            : throw Damaged(name, "it does not begin as a head does");
    }

    /// <summary>Reads a head, or without its tables all that its properties tell.</summary>
    internal static ObjectHead Read(IFile file, string name, bool withTables)
    {
        var bytes = new byte[FirstReadBytes];
        var have = file.Read(0, bytes);
        if (have < FixedBytes || !bytes.AsSpan(0, 8).SequenceEqual(Magic))
            throw Damaged(name, "it does not begin as a head does");
        var propertyBytes = BitConverter.ToInt32(bytes, 40);
        var tableBytes = BitConverter.ToInt32(bytes, 44);
        if (propertyBytes is < 0 or > MostSectionBytes || tableBytes is < 0 or > MostSectionBytes)
            throw Damaged(name, "it claims to be too long");
        var propertyEnd = FixedBytes + propertyBytes;
        var end = propertyEnd + HashBytes + (withTables ? tableBytes + HashBytes : 0);
        if (end > have)
        {
            Array.Resize(ref bytes, end);
            if (file.Read(have, bytes.AsSpan(have)) < end - have)
                throw Damaged(name, "it ends too early");
        }

        CheckHash(name, bytes.AsSpan(0, propertyEnd), bytes.AsSpan(propertyEnd, HashBytes));
        var tables = bytes.AsMemory(propertyEnd + HashBytes, withTables ? tableBytes : 0);
        if (withTables)
            CheckHash(name, tables.Span, bytes.AsSpan(end - HashBytes, HashBytes));
        var inlineOffset = propertyEnd + tableBytes + (2 * HashBytes);
        return Parse(name, bytes, propertyBytes, tables, inlineOffset);
    }

    /// <summary>Checks a small object's bytes, read whole, against the hash behind them.</summary>
    internal static void CheckInline(string name, ReadOnlySpan<byte> content, ReadOnlySpan<byte> hash) =>
        CheckHash(name, content, hash);

    private static void CheckHash(string name, ReadOnlySpan<byte> content, ReadOnlySpan<byte> hash)
    {
        Span<byte> actual = stackalloc byte[HashBytes];
        XxHash128.Hash(content, actual);
        if (!actual.SequenceEqual(hash))
            throw Damaged(name, "its hash does not fit its bytes");
    }

    private static ObjectHead Parse(
        string name, byte[] bytes, int propertyBytes, ReadOnlyMemory<byte> tables, long inlineOffset)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes, FixedBytes, propertyBytes));
        var flags = reader.ReadByte();
        var tier = (StorageTier)reader.ReadByte();
        var rehydratingTo = reader.ReadByte();
        var onlineAt = reader.ReadInt64();
        var modified = reader.ReadInt64();
        var length = reader.ReadInt64();
        var found = reader.ReadString();
        if (!string.Equals(found, name, StringComparison.Ordinal))
            throw Damaged(name, $"it is the head of '{found}'");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var count = reader.ReadInt32(); count > 0; count--)
            metadata[reader.ReadString()] = reader.ReadString();
        var (files, blocks) = tables.IsEmpty ? ([], []) : ParseTables(tables);
        return new ObjectHead
        {
            Revision = new Guid(bytes.AsSpan(8, 16)),
            State = new Guid(bytes.AsSpan(24, 16)),
            Name = name,
            IsDeleted = (flags & 1) != 0,
            IsPut = (flags & 2) != 0,
            Tier = tier,
            RehydratingTo = rehydratingTo == 255 ? null : (StorageTier)rehydratingTo,
            OnlineAt = new DateTimeOffset(onlineAt, TimeSpan.Zero),
            Modified = new DateTimeOffset(modified, TimeSpan.Zero),
            LengthBytes = length,
            Metadata = metadata,
            Files = files,
            Blocks = blocks,
            InlineOffset = inlineOffset,
            InlineBytes = (int)BitConverter.ToInt64(bytes, 48),
        };
    }

    private static (HeadFile[] Files, HeadBlock[] Blocks) ParseTables(ReadOnlyMemory<byte> tables)
    {
        using var reader = new BinaryReader(new MemoryStream(tables.ToArray()));
        var files = new HeadFile[reader.ReadInt32()];
        for (var index = 0; index < files.Length; index++)
            files[index] = new HeadFile(new Guid(reader.ReadBytes(16)), reader.ReadInt64());
        var blocks = new HeadBlock[reader.ReadInt32()];
        for (var index = 0; index < blocks.Length; index++)
        {
            var id = Convert.ToBase64String(reader.ReadBytes(reader.ReadByte()));
            blocks[index] = new HeadBlock(
                id, reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt32());
        }

        return (files, blocks);
    }

    private static void WriteProperties(BinaryWriter writer, ObjectHead head)
    {
        writer.Write((byte)((head.IsDeleted ? 1 : 0) | (head.IsPut ? 2 : 0)));
        writer.Write((byte)head.Tier);
        writer.Write(head.RehydratingTo is { } tier ? (byte)tier : byte.MaxValue);
        writer.Write(head.OnlineAt.UtcTicks);
        writer.Write(head.Modified.UtcTicks);
        writer.Write(head.LengthBytes);
        writer.Write(head.Name);
        writer.Write(head.Metadata.Count);
        foreach (var (key, value) in head.Metadata)
        {
            writer.Write(key);
            writer.Write(value);
        }
    }

    private static void WriteTables(BinaryWriter writer, ObjectHead head)
    {
        writer.Write(head.Files.Length);
        foreach (var file in head.Files)
        {
            writer.Write(file.Id.ToByteArray());
            writer.Write(file.StagedFrom);
        }

        writer.Write(head.Blocks.Length);
        Span<byte> id = stackalloc byte[ObjectRules.MostBlockIdBytes];
        foreach (var block in head.Blocks)
        {
            _ = Convert.TryFromBase64String(block.Id, id, out var idBytes);
            writer.Write((byte)idBytes);
            writer.Write(id[..idBytes]);
            writer.Write(block.File);
            writer.Write(block.Offset);
            writer.Write(block.LengthBytes);
        }
    }

    private static byte[] Section(Action<BinaryWriter> write)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private static StoreRefusedException Damaged(string name, string why) =>
        new(name, $"its head file is damaged: {why}");
}
