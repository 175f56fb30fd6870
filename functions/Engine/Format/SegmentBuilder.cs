using System.Buffers.Binary;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// Collects frames into one segment: the frames one after the other, then a directory that names
/// the block of each, so that a segment can be understood and rewritten without the pages.
/// </summary>
public sealed class SegmentBuilder(Layout layout)
{
    /// <summary>Bytes of one directory entry: block, offset, length.</summary>
    public const int DirectoryEntryBytes = 12;

    /// <summary>Bytes of a segment of no frames; every segment is at least so long.</summary>
    public const int LeastBytes = TrailerBytes;

    private const int TrailerBytes = 8;
    private PageBuffer? _buffer;
    private readonly List<(int Block, int Offset, int Length)> _directory = [];
    private int _at;

    /// <summary>
    /// The longest segment: one incompressible block that fills it gets its directory on top.
    /// </summary>
    public static int MostBytes(Layout layout) =>
        layout.SegmentBytes + DirectoryEntryBytes + TrailerBytes;

    /// <summary>Frames collected so far.</summary>
    public int Count => _directory.Count;

    /// <summary>Frame bytes collected so far.</summary>
    public int FrameBytes => _at;

    /// <summary>Whether a frame of this length still fits beside the directory.</summary>
    public bool Fits(int storedBytes) =>
        _directory.Count == 0
        || _at + storedBytes + ((_directory.Count + 1) * DirectoryEntryBytes) + TrailerBytes
            <= layout.SegmentBytes;

    /// <summary>Adds a frame that fits; returns where in the segment it begins.</summary>
    public int Add(int block, ReadOnlySpan<byte> stored)
    {
        _buffer ??= PageBuffer.Rent(MostBytes(layout));
        stored.CopyTo(_buffer.Span[_at..]);
        _directory.Add((block, _at, stored.Length));
        _at += stored.Length;
        return _at - stored.Length;
    }

    /// <summary>
    /// The whole segment, in a buffer that is the caller's from now on; the builder is empty
    /// afterwards.
    /// </summary>
    public (PageBuffer Buffer, int LengthBytes) Take()
    {
        var buffer = _buffer ?? PageBuffer.Rent(MostBytes(layout));
        var at = buffer.Span[_at..];
        foreach (var (block, offset, length) in _directory)
        {
            BinaryPrimitives.WriteInt32LittleEndian(at, block);
            BinaryPrimitives.WriteInt32LittleEndian(at[4..], offset);
            BinaryPrimitives.WriteInt32LittleEndian(at[8..], length);
            at = at[DirectoryEntryBytes..];
        }
        BinaryPrimitives.WriteInt32LittleEndian(at, _directory.Count);
        "SFs1"u8.CopyTo(at[4..]);
        var whole = _at + (_directory.Count * DirectoryEntryBytes) + TrailerBytes;
        _buffer = null;
        _at = 0;
        _directory.Clear();
        return (buffer, whole);
    }

    /// <summary>Reads a segment's directory.</summary>
    /// <exception cref="CorruptObjectException">It does not fit the segment.</exception>
    public static IReadOnlyList<(int Block, int Offset, int Length)> Directory(
        ReadOnlySpan<byte> segment, string objectName)
    {
        if (segment.Length < TrailerBytes || !segment[^4..].SequenceEqual("SFs1"u8))
            throw new CorruptObjectException(objectName, "a segment's end mark", "other bytes");
        var count = BinaryPrimitives.ReadInt32LittleEndian(segment[^TrailerBytes..]);
        var frames = segment.Length - TrailerBytes - ((long)count * DirectoryEntryBytes);
        if (count < 0 || frames < 0)
            throw new CorruptObjectException(objectName, "a directory that fits", $"{count} entries");
        var directory = new (int, int, int)[count];
        var at = segment[(int)frames..];
        var end = 0;
        for (var i = 0; i < count; i++, at = at[DirectoryEntryBytes..])
        {
            var block = BinaryPrimitives.ReadInt32LittleEndian(at);
            var offset = BinaryPrimitives.ReadInt32LittleEndian(at[4..]);
            var length = BinaryPrimitives.ReadInt32LittleEndian(at[8..]);
            if (block < 0 || offset != end || length < 1 || offset + (long)length > frames)
                throw new CorruptObjectException(
                    objectName, $"a frame at {end} of {frames} bytes",
                    $"{length} bytes at {offset} of block {block}");
            directory[i] = (block, offset, length);
            end = offset + length;
        }
        return end == frames ? directory : throw new CorruptObjectException(
            objectName, $"{frames} bytes of frames", $"{end}");
    }
}
