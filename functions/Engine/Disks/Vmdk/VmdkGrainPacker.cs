using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>
/// Compresses some neighbouring grains, side by side. Not thread-safe; disposing of it gives its
/// buffers back.
/// </summary>
internal sealed class VmdkGrainPacker : IDisposable
{
    /// <summary>Grains that are compressed at once.</summary>
    public const int Grains = 16;

    private const int GrainBytes = 1 << VmdkStreamParts.GrainBits;
    private const int MarkerBytes = 12;

    /// <summary>The fastest level may make a bit in eight more of what it cannot compress.</summary>
    private const int RoomBytes = GrainBytes + (GrainBytes / 4);

    private readonly byte[] _content = ArrayPool<byte>.Shared.Rent(Grains * GrainBytes);
    private readonly byte[] _packed = ArrayPool<byte>.Shared.Rent(Grains * RoomBytes);
    private readonly int[] _lengths = new int[Grains];

    /// <summary>The content of some grains, to be filled.</summary>
    public Memory<byte> Content(int grains) => _content.AsMemory(0, grains * GrainBytes);

    /// <summary>Compresses the content.</summary>
    /// <param name="firstSector">The first grain's first sector of the disk.</param>
    /// <param name="grains">How many.</param>
    public void Pack(long firstSector, int grains) => Parallel.For(
        0, grains, i => _lengths[i] = PackOne(
            i, firstSector + ((long)i * GrainBytes / VmdkHeader.SectorBytes)));

    /// <summary>A grain with its marker, in whole sectors; empty where it is all zeros.</summary>
    public ReadOnlyMemory<byte> Packed(int grain) =>
        _packed.AsMemory(grain * RoomBytes, _lengths[grain]);

    /// <inheritdoc />
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_content);
        ArrayPool<byte>.Shared.Return(_packed);
    }

    private int PackOne(int grain, long sector)
    {
        var content = _content.AsSpan(grain * GrainBytes, GrainBytes);
        if (!content.ContainsAnyExcept((byte)0))
            return 0;
        var length = Deflate(grain, content, CompressionLevel.Fastest);
        // What would grow is stored as it is, within a stream of the same kind.
        if (length >= GrainBytes)
            length = Deflate(grain, content, CompressionLevel.NoCompression);
        var packed = _packed.AsSpan(grain * RoomBytes, RoomBytes);
        BinaryPrimitives.WriteInt64LittleEndian(packed, sector);
        BinaryPrimitives.WriteInt32LittleEndian(packed[8..], length - MarkerBytes);
        var padded = (length + VmdkHeader.SectorBytes - 1) & -VmdkHeader.SectorBytes;
        packed[length..padded].Clear();
        return padded;
    }

    private int Deflate(int grain, ReadOnlySpan<byte> content, CompressionLevel level)
    {
        using var room = new MemoryStream(_packed, grain * RoomBytes, RoomBytes);
        room.Position = MarkerBytes;
        using (var zlib = new ZLibStream(room, level, leaveOpen: true))
            zlib.Write(content);
        return (int)room.Position;
    }
}
