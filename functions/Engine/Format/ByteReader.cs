using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>Reads a stored structure; whatever does not fit is a damaged object, never a crash.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, string objectName)
{
    /// <summary>Bytes after a sealed structure's content: hash, length, end mark.</summary>
    public const int SealBytes = Hash256.Size + 4 + EndMarkBytes;

    /// <summary>Length of every end mark.</summary>
    public const int EndMarkBytes = 8;

    private static readonly UTF8Encoding StrictText = new(false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly string _objectName = objectName;
    private int _at;

    public readonly int Remaining => _bytes.Length - _at;

    /// <summary>Checks the seal of a whole structure and returns a reader of its content.</summary>
    public static ByteReader Unseal(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> endMark, string objectName)
    {
        var length = SealedLength(bytes, endMark, int.MaxValue, objectName);
        if (length != bytes.Length)
            throw new CorruptObjectException(
                objectName, $"a structure of {bytes.Length} bytes", $"one of {length} bytes");
        var content = bytes[..^SealBytes];
        var recorded = new Hash256(bytes[content.Length..]);
        var computed = Hash256.Of(content);
        return recorded == computed
            ? new ByteReader(content, objectName)
            : throw new CorruptObjectException(
                objectName, $"a structure of SHA-256 {recorded}", $"{computed}");
    }

    /// <summary>
    /// The whole length of a sealed structure, from its last bytes. Callers allocate what it says
    /// before they can check the hash, so it is bounded by what such a structure can come to.
    /// </summary>
    public static int SealedLength(
        ReadOnlySpan<byte> tail, ReadOnlySpan<byte> endMark, int mostBytes, string objectName)
    {
        if (tail.Length < SealBytes || !tail[^EndMarkBytes..].SequenceEqual(endMark))
            throw new CorruptObjectException(
                objectName, $"the end mark '{Encoding.ASCII.GetString(endMark)}'", "other bytes");
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail[^(EndMarkBytes + 4)..]);
        return length >= SealBytes && length <= mostBytes
            ? length
            : throw new CorruptObjectException(
                objectName, $"a length from {SealBytes} to {mostBytes}", $"{length}");
    }

    public byte U8() => Take(1)[0];

    public int U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int I32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long I64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public Hash256 Hash() => new(Take(Hash256.Size));

    public ReadOnlySpan<byte> Bytes(int count) => Take(count);

    public string ShortText() => Text(Take(U8()));

    public string LongText(int mostBytes) => Text(Take(Within(I32(), mostBytes)));

    /// <summary>
    /// Skips bytes that this format version leaves zero. Others are refused: they mean something
    /// that this code does not know.
    /// </summary>
    public void Reserved(int count)
    {
        var found = Take(count);
        if (found.ContainsAnyExcept((byte)0))
            throw new CorruptObjectException(
                _objectName, $"{count} reserved bytes of 0", Convert.ToHexStringLower(found));
    }

    /// <summary>A count of items of a size; it must fit what is left, so it bounds memory.</summary>
    public int Count(int itemBytes) => Within(I32(), Remaining / itemBytes);

    /// <summary>This number, if it lies between 0 and a limit.</summary>
    public readonly int Within(int value, int most) => value >= 0 && value <= most
        ? value
        : throw new CorruptObjectException(_objectName, $"a number from 0 to {most}", $"{value}");

    public readonly void End()
    {
        if (Remaining != 0)
            throw new CorruptObjectException(
                _objectName, "the end of the structure", $"{Remaining} more bytes");
    }

    private readonly string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictText.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new CorruptObjectException(_objectName, "UTF-8 text", "other bytes", error);
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Remaining)
            throw new CorruptObjectException(
                _objectName, $"{count} more bytes", $"{Remaining}");
        var taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }
}
