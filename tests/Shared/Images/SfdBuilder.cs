using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SnapshotFunctions.TestShared.Images;

/// <summary>
/// Builds changed-block files from docs/format-sfd.md alone. It shares no code with the product and
/// checks nothing, so that wrong files can be built as well as right ones.
/// </summary>
public sealed class SfdBuilder
{
    private readonly List<(long Offset, long Length, byte[]? Bytes)> _ranges = [];

    /// <summary>The disk's size.</summary>
    public long SizeBytes { get; init; } = 1 << 20;

    /// <summary>0 none, 1 version, 2 fingerprint, 3 identifier.</summary>
    public byte ParentKind { get; init; }

    /// <summary>The parent.</summary>
    public string Parent { get; init; } = string.Empty;

    /// <summary>The file's own identifier.</summary>
    public string Id { get; init; } = string.Empty;

    /// <summary>Bytes that nobody uses before the table.</summary>
    public int GapBytes { get; init; }

    /// <summary>Where the table lies in the file last built.</summary>
    public int TableAt { get; private set; }

    /// <summary>Ranges of the file.</summary>
    public int Count => _ranges.Count;

    /// <summary>A range and its bytes.</summary>
    public SfdBuilder Data(long offset, byte[] bytes)
    {
        _ranges.Add((offset, bytes.Length, bytes));
        return this;
    }

    /// <summary>A range of zeros.</summary>
    public SfdBuilder Zeros(long offset, long length)
    {
        _ranges.Add((offset, length, null));
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        using var file = new MemoryStream();
        var (parent, id) = (Encoding.UTF8.GetBytes(Parent), Encoding.UTF8.GetBytes(Id));
        var head = new byte[24];
        "SFsfd1\r\n"u8.CopyTo(head);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), SizeBytes);
        (head[16], head[17], head[18]) = (ParentKind, (byte)parent.Length, (byte)id.Length);
        file.Write(head);
        file.Write(parent);
        file.Write(id);
        var table = new List<byte>();
        foreach (var (offset, length, bytes) in _ranges)
        {
            var entry = new byte[64];
            BinaryPrimitives.WriteInt64LittleEndian(entry, offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(8), length);
            BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(16), file.Position);
            entry[24] = bytes is null ? (byte)2 : (byte)1;
            if (bytes is not null)
                SHA256.HashData(bytes, entry.AsSpan(32));
            table.AddRange(entry);
            file.Write(bytes ?? []);
        }

        file.Write(new byte[GapBytes]);
        file.Write(new byte[(int)(-file.Position & 63)]);
        TableAt = (int)file.Position;
        file.Write(table.ToArray());
        var trailer = new byte[32];
        BinaryPrimitives.WriteInt64LittleEndian(trailer, TableAt);
        BinaryPrimitives.WriteInt64LittleEndian(trailer.AsSpan(8), _ranges.Count);
        "SFsfdend"u8.CopyTo(trailer.AsSpan(24));
        file.Write(trailer);
        file.Write(new byte[32]);
        var built = file.ToArray();
        Seal(built);
        return built;
    }

    /// <summary>
    /// Makes the checksums right again: those of the ranges that lie in the file, if wanted, and
    /// that of header, table and trailer, wherever the table is said to be.
    /// </summary>
    public static void Seal(byte[] file, bool ranges = true)
    {
        if (file.Length < 88)
            return;
        var end = file.Length - 64;
        var table = (int)Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(end)), 0, end);
        for (var at = table; ranges && at + 64 <= end; at += 64)
            SealRange(file, file.AsSpan(at, 64));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(file, 0, Math.Min(24 + file[17] + file[18], file.Length));
        hash.AppendData(file, table, file.Length - 32 - table);
        hash.GetHashAndReset(file.AsSpan(file.Length - 32));
    }

    private static void SealRange(byte[] file, Span<byte> entry)
    {
        var length = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
        var place = BinaryPrimitives.ReadInt64LittleEndian(entry[16..]);
        if (entry[24] == 1 && length > 0 && place >= 0 && place <= file.Length - length)
            SHA256.HashData(file.AsSpan((int)place, (int)length), entry[32..]);
    }
}
