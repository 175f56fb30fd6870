using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vhd;

/// <summary>
/// Where each byte of a dynamic or differencing VHD comes from: the block allocation table says
/// which blocks are stored, and the bitmap in front of each block which of its sectors are.
/// </summary>
/// <remarks>
/// A sector of a stored block whose bit is not set belongs to the parent, and is zero where there
/// is none, whatever bytes lie in its place.
/// </remarks>
internal sealed class VhdBlockMap : IBlockMap
{
    private const uint Unused = uint.MaxValue;
    private const int SectorBytes = 512;
    private const int TablePageBytes = 4096;
    private readonly VhdHeader _header;
    private readonly ImageFaults _faults;
    private readonly TablePages _table;
    private readonly TablePages _bitmaps;
    private readonly long _sizeBytes;
    private readonly long _fileBytes;
    private readonly bool _hasParent;

    /// <summary>The map of an image.</summary>
    public VhdBlockMap(
        VhdHeader header, long sizeBytes, bool hasParent, IByteSource source, ImageFaults faults)
    {
        (_header, _sizeBytes, _hasParent, _faults) = (header, sizeBytes, hasParent, faults);
        _fileBytes = source.LengthBytes;
        _table = new TablePages(source, TablePageBytes);
        _bitmaps = new TablePages(source, Math.Min(header.BitmapBytes, TablePageBytes));
    }

    /// <inheritdoc />
    public async ValueTask<BlockRun> RunAsync(
        long guest, long end, bool isExact, CancellationToken cancellation)
    {
        var block = guest >> _header.BlockBits;
        var entryOffset = _header.TableOffset + (block * 4);
        var page = await _table.PageAsync(entryOffset, cancellation);
        var at = (int)(entryOffset & (TablePageBytes - 1));
        var entry = BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at));
        if (entry == Unused)
        {
            for (at += 4, block++; at < TablePageBytes; at += 4, block++)
            {
                if (BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at)) != Unused)
                    break;
            }

            return new BlockRun(
                Absent, guest, Math.Min(end, block << _header.BlockBits));
        }

        var start = block << _header.BlockBits;
        var unitEnd = Math.Min(start + _header.BlockBytes, _sizeBytes);
        var bitmap = (long)entry * SectorBytes;
        var content = bitmap + _header.BitmapBytes;
        var stored = _header.BitmapBytes + (unitEnd - start);
        if (bitmap < VhdFooter.LengthBytes)
            throw _faults.Table("a block behind the header", $"sector {entry}", entryOffset);
        if (bitmap > _fileBytes - stored)
            throw _faults.Truncated("a block", bitmap, stored, _fileBytes);
        end = Math.Min(end, unitEnd);
        var run = new BlockRun(
            ExtentKind.Data, guest, end, content + (guest - start), unitEnd, stored);
        return isExact || _hasParent ? await WrittenAsync(run, bitmap, start, cancellation) : run;
    }

    private ExtentKind Absent => _hasParent ? ExtentKind.Parent : ExtentKind.Zero;

    /// <summary>The part of a stored block's run whose sectors are alike in the bitmap.</summary>
    private async ValueTask<BlockRun> WrittenAsync(
        BlockRun run, long bitmap, long blockStart, CancellationToken cancellation)
    {
        var sector = (int)((run.Guest - blockStart) / SectorBytes);
        var sectors = (int)((run.End - blockStart + SectorBytes - 1) / SectorBytes);
        var offset = bitmap + (sector >> 3);
        var page = await _bitmaps.PageAsync(offset, cancellation);
        var (alike, isSet) = BitRuns.Highest(
            page.AsSpan((int)(offset & (_bitmaps.PageBytes - 1))), sector & 7, sectors - sector);
        var end = Math.Min(run.End, blockStart + ((long)(sector + alike) * SectorBytes));
        return run with { Kind = isSet ? ExtentKind.Data : Absent, End = end };
    }
}
