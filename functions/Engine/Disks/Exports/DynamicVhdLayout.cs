using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Vhd;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>
/// A dynamic VHD: footer copy, header, block allocation table, then each block that may hold
/// anything with its bitmap, in the disk's order, then the footer.
/// </summary>
internal sealed class DynamicVhdLayout : ExportLayout
{
    private const int BlockBytes = 2 << 20;
    private const int SectorBytes = 512;
    private const int TableOffset = VhdFooter.LengthBytes + VhdHeader.LengthBytes;
    private const long StrideBytes = SectorBytes + BlockBytes;

    /// <summary>The most that Hyper-V attaches: its sector numbers have 32 bits.</summary>
    private const long MostBytes = 2040L << 30;

    private readonly BlockSet _blocks;
    private readonly byte[] _head;
    private readonly byte[] _footer;
    private readonly long _dataOffset;

    private DynamicVhdLayout(ExportDisk disk, BlockSet blocks)
        : base(disk, Math.Max(1, (disk.SizeBytes + SectorBytes - 1) / SectorBytes) * SectorBytes)
    {
        _blocks = blocks;
        var tableBytes = ((blocks.Length * 4) + SectorBytes - 1) / SectorBytes * SectorBytes;
        _dataOffset = TableOffset + Math.Max(SectorBytes, tableBytes);
        _footer = VhdParts.Footer(
            VhdKind.Dynamic, SizeBytes, VhdFooter.LengthBytes,
            ExportIds.Vhd(disk.Node, disk.SizeBytes));
        _head =
        [
            .. _footer,
            .. VhdParts.Header(TableOffset, Math.Max(1, blocks.Length), BlockBytes),
        ];
    }

    /// <inheritdoc />
    public override string Format => ExportFormats.DynamicVhd;

    /// <inheritdoc />
    public override long LengthBytes => FooterOffset + _footer.Length;

    private long FooterOffset => _dataOffset + (_blocks.Count * StrideBytes);

    /// <summary>The layout of a disk.</summary>
    /// <exception cref="RefusedException">The disk is too large for the format.</exception>
    public static async ValueTask<IExportLayout> OpenAsync(
        ExportDisk disk, CancellationToken cancellation) =>
        disk.SizeBytes <= MostBytes
            ? new DynamicVhdLayout(disk, await BlocksAsync(disk, BlockBytes, cancellation))
            : throw new RefusedException(
                "format-size",
                $"A dynamic VHD holds at most {MostBytes} bytes; the disk has {disk.SizeBytes}. "
                + "VHDX holds 64 TiB.");

    /// <inheritdoc />
    protected override ValueTask<int> FillAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        if (offset < TableOffset)
            return new(Copy(_head, 0, offset, destination));
        if (offset < _dataOffset)
            return new(Table(offset, destination.Span));
        if (offset >= FooterOffset)
            return new(Copy(_footer, FooterOffset, offset, destination));
        var (number, inBlock) = Math.DivRem(offset - _dataOffset, StrideBytes);
        if (inBlock < SectorBytes)
        {
            var bitmap = Cut(destination, SectorBytes - inBlock);
            bitmap.Span.Fill(0xFF);
            return new(bitmap.Length);
        }

        var content = inBlock - SectorBytes;
        return DiskAsync(
            (_blocks.At(number) * BlockBytes) + content, Cut(destination, BlockBytes - content),
            cancellation);
    }

    private int Table(long offset, Span<byte> destination)
    {
        Span<byte> entry = stackalloc byte[4];
        var length = (int)Math.Min(destination.Length, _dataOffset - offset);
        var block = (offset - TableOffset) / 4;
        var number = _blocks.Below(Math.Min(block, _blocks.Length));
        for (var at = TableOffset + (block * 4); at < offset + length; at += 4, block++)
        {
            var value = uint.MaxValue;
            if (block < _blocks.Length && _blocks.Contains(block))
                value = (uint)((_dataOffset + (number++ * StrideBytes)) / SectorBytes);
            BinaryPrimitives.WriteUInt32BigEndian(entry, value);
            for (var i = 0; i < 4; i++)
            {
                if (at + i >= offset && at + i < offset + length)
                    destination[(int)(at + i - offset)] = entry[i];
            }
        }

        return length;
    }
}
