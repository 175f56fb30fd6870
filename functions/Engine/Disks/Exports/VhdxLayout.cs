using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Vhdx;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>
/// A dynamic VHDX: headers, an empty log, metadata, block allocation table, then each block that
/// may hold anything, in the disk's order.
/// </summary>
internal sealed class VhdxLayout : ExportLayout
{
    /// <summary>Blocks stay at 1 MiB up to 64 GiB, so that a small disk's file stays small.</summary>
    private const long FewBlocks = 65_536;

    private const int LeastBlockBytes = 1 << 20;
    private const int MostBlockBytes = 256 << 20;
    private readonly BlockSet _blocks;
    private readonly VhdxMetadata _shape;
    private readonly byte[] _headers;
    private readonly byte[] _metadata;
    private readonly long _dataOffset;

    private VhdxLayout(ExportDisk disk, VhdxMetadata shape, BlockSet blocks)
        : base(disk, shape.SizeBytes)
    {
        (_blocks, _shape) = (blocks, shape);
        var tableBytes = Math.Max(1, (shape.TableEntries * 8) + VhdxHeader.AlignmentBytes - 1)
            / VhdxHeader.AlignmentBytes * VhdxHeader.AlignmentBytes;
        _dataOffset = VhdxParts.TableOffset + tableBytes;
        _headers = VhdxParts.Headers(
            ExportIds.VhdxFile(disk.Node, disk.SizeBytes),
            ExportIds.VhdxData(disk.Node, disk.SizeBytes), tableBytes);
        _metadata = VhdxParts.Metadata(shape.SizeBytes, (int)shape.BlockBytes, shape.DiskId);
    }

    /// <inheritdoc />
    public override string Format => ExportFormats.Vhdx;

    /// <inheritdoc />
    public override long LengthBytes => _dataOffset + (_blocks.Count * _shape.BlockBytes);

    /// <summary>The layout of a disk.</summary>
    public static async ValueTask<IExportLayout> OpenAsync(
        ExportDisk disk, CancellationToken cancellation)
    {
        const int Sector = VhdxParts.SectorBytes;
        var blockBytes = LeastBlockBytes;
        while (blockBytes < MostBlockBytes && disk.SizeBytes > blockBytes * FewBlocks)
            blockBytes *= 2;
        var shape = new VhdxMetadata(
            Math.Max(1, (disk.SizeBytes + Sector - 1) / Sector) * Sector,
            System.Numerics.BitOperations.Log2((uint)blockBytes), Sector, 0, false, false,
            ExportIds.VhdxDisk(disk.Node, disk.SizeBytes), [], null);
        return new VhdxLayout(disk, shape, await BlocksAsync(disk, blockBytes, cancellation));
    }

    /// <inheritdoc />
    protected override ValueTask<int> FillAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        if (offset < VhdxParts.MetadataOffset)
            return new(Padded(_headers, 0, VhdxParts.MetadataOffset, offset, destination));
        if (offset < VhdxParts.TableOffset)
            return new(Padded(
                _metadata, VhdxParts.MetadataOffset, VhdxParts.TableOffset, offset, destination));
        if (offset < _dataOffset)
            return new(Table(offset, destination.Span));
        var (number, inBlock) = Math.DivRem(offset - _dataOffset, _shape.BlockBytes);
        return DiskAsync(
            (_blocks.At(number) * _shape.BlockBytes) + inBlock,
            Cut(destination, _shape.BlockBytes - inBlock), cancellation);
    }

    /// <summary>A part that zeros follow up to an end.</summary>
    private static int Padded(
        byte[] part, long partOffset, long end, long offset, Memory<byte> destination)
    {
        if (offset < partOffset + part.Length)
            return Copy(part, partOffset, offset, destination);
        var zeros = Cut(destination, end - offset);
        zeros.Span.Clear();
        return zeros.Length;
    }

    private int Table(long offset, Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[8];
        var length = (int)Math.Min(destination.Length, _dataOffset - offset);
        var index = (offset - VhdxParts.TableOffset) / 8;
        var perChunk = _shape.ChunkBlocks + 1;
        var number = _blocks.Below(Math.Min(BlockAt(index), _blocks.Length));
        for (var at = VhdxParts.TableOffset + (index * 8); at < offset + length; at += 8, index++)
        {
            // The last entry of each chunk is its bitmap's, and without a parent there is none.
            var block = index % perChunk == _shape.ChunkBlocks ? -1 : BlockAt(index);
            var entry = 0L;
            if (block >= 0 && block < _blocks.Length && _blocks.Contains(block))
                entry = (_dataOffset + (number++ * _shape.BlockBytes)) | 6;
            BinaryPrimitives.WriteInt64LittleEndian(bytes, entry);
            for (var i = 0; i < 8; i++)
            {
                if (at + i >= offset && at + i < offset + length)
                    destination[(int)(at + i - offset)] = bytes[i];
            }
        }

        return length;

        long BlockAt(long entry) => entry - (entry / perChunk);
    }
}
