using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Store;

/// <summary>
/// The header in front of each block in a data file. It names the block and its length, so that
/// a process which did not stage it finds it by walking from header to header, and holds the hash
/// of its bytes, so that a block torn by a crash is not taken for one.
/// <code>
/// 0  4 "SFBK"   4  4 id bytes   8  8 content bytes   16  8 staged at (UTC ticks)
/// 24 16 XxHash128 of the content   40 64 the id   104  8 XxHash3 of all before
/// </code>
/// A record of an empty id is padding: it puts the content of a long block behind it at a whole
/// page of the file, so that it can be written past the page cache. No list of blocks names it.
/// </summary>
/// <param name="Id">The block's id.</param>
/// <param name="Offset">Where its bytes begin, behind the header.</param>
/// <param name="LengthBytes">Their length.</param>
/// <param name="StagedAtTicks">When it was staged; of one id the latest counts.</param>
/// <param name="Hash">The hash of its bytes.</param>
internal readonly record struct BlockRecord(
    string Id, long Offset, int LengthBytes, long StagedAtTicks, UInt128 Hash)
{
    internal const int HeaderBytes = 112;
    private const uint Magic = 0x4B424653;
    private const int CheckBytes = 1 << 20;

    /// <summary>Where the next record begins.</summary>
    internal long End => Offset + LengthBytes;

    /// <summary>
    /// Where a header goes so that the content behind it begins at a page: at once, or behind
    /// padding that is long enough to have a header itself.
    /// </summary>
    internal static long PagedPlace(long next)
    {
        const int Page = DirectWriter.AlignmentBytes;
        if ((next + HeaderBytes) % Page == 0) return next;
        return ((next + (2 * HeaderBytes) + Page - 1) & -Page) - HeaderBytes;
    }

    /// <summary>The padding between two places.</summary>
    internal static BlockRecord Padding(long from, long to, long nowTicks) => new(
        string.Empty, from + HeaderBytes, (int)(to - from) - HeaderBytes, nowTicks, default);

    internal void Encode(Span<byte> header)
    {
        header[..HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        _ = Convert.TryFromBase64String(Id, header.Slice(40, ObjectRules.MostBlockIdBytes), out var idBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], idBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], LengthBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], StagedAtTicks);
        BinaryPrimitives.WriteUInt128LittleEndian(header[24..], Hash);
        BinaryPrimitives.WriteUInt64LittleEndian(header[104..], XxHash3.HashToUInt64(header[..104]));
    }

    /// <summary>The record whose header begins here; null where there is none that is whole.</summary>
    internal static BlockRecord? TryRead(IFile file, long offset)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.Read(offset, header) < HeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(header[104..])
                != XxHash3.HashToUInt64(header[..104]))
        {
            return null;
        }

        var idBytes = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        return new BlockRecord(
            Convert.ToBase64String(header.Slice(40, idBytes)),
            offset + HeaderBytes,
            (int)BinaryPrimitives.ReadInt64LittleEndian(header[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[16..]),
            BinaryPrimitives.ReadUInt128LittleEndian(header[24..]));
    }

    /// <summary>Walks the records of a stretch; <paramref name="end"/> is where the walk ended.</summary>
    internal static List<BlockRecord> Walk(IFile file, long from, long to, out long end)
    {
        List<BlockRecord> records = [];
        end = from;
        while (end < to && TryRead(file, end) is { } record)
        {
            records.Add(record);
            end = record.End;
        }

        return records;
    }

    /// <summary>Whether the block's bytes are all there.</summary>
    internal bool IsWhole(IFile file)
    {
        var hash = new XxHash128();
        var buffer = ArrayPool<byte>.Shared.Rent(CheckBytes);
        try
        {
            for (var done = 0; done < LengthBytes;)
            {
                var part = buffer.AsSpan(0, Math.Min(CheckBytes, LengthBytes - done));
                if (file.Read(Offset + done, part) < part.Length)
                    return false;
                hash.Append(part);
                done += part.Length;
            }

            return hash.GetCurrentHashAsUInt128() == Hash;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
