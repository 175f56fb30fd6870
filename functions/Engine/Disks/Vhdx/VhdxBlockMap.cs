using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>
/// Where each byte of a VHDX comes from: the block allocation table has a state and a place for
/// each block and, of partly stored blocks, a bitmap for each chunk says which sectors are.
/// </summary>
internal sealed class VhdxBlockMap : IBlockMap
{
    private const int PageBytes = 4096;
    private const int StateMask = 7;
    private const int NotPresent = 0;
    private const int Unmapped = 3;
    private const int FullyPresent = 6;
    private const int PartiallyPresent = 7;
    private const ulong ReservedMask = 0xF_FFF8;
    private const ulong OffsetMask = ~0xF_FFFFUL;
    private readonly VhdxMetadata _metadata;
    private readonly ImageFaults _faults;
    private readonly TablePages _table;
    private readonly TablePages _bitmaps;
    private readonly long _tableOffset;
    private readonly long _fileBytes;

    /// <summary>The map of an image.</summary>
    public VhdxBlockMap(
        VhdxMetadata metadata, long tableOffset, IByteSource source, ImageFaults faults)
    {
        (_metadata, _tableOffset, _faults) = (metadata, tableOffset, faults);
        _fileBytes = source.LengthBytes;
        _table = new TablePages(source, PageBytes);
        _bitmaps = new TablePages(source, PageBytes);
    }

    private ExtentKind Absent => _metadata.HasParent ? ExtentKind.Parent : ExtentKind.Zero;

    /// <inheritdoc />
    public async ValueTask<BlockRun> RunAsync(
        long guest, long end, bool isExact, CancellationToken cancellation)
    {
        var block = guest >> _metadata.BlockBits;
        var (chunk, inChunk) = Math.DivRem(block, _metadata.ChunkBlocks);
        var entryOffset = _tableOffset + ((block + chunk) * 8);
        var page = await _table.PageAsync(entryOffset, cancellation);
        var at = (int)(entryOffset & (PageBytes - 1));
        var entry = BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(at));
        var state = StateOf(entry, entryOffset);
        if (state <= Unmapped)
        {
            // Neighbours in this page and chunk that come from nowhere, too, in the same way.
            var kind = KindOf(state);
            for (block++, inChunk++, at += 8; at < PageBytes && inChunk < _metadata.ChunkBlocks;
                block++, inChunk++, at += 8)
            {
                entry = BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(at));
                if ((entry & StateMask) > Unmapped || (entry & ReservedMask) != 0
                    || KindOf((int)(entry & StateMask)) != kind)
                    break;
            }

            return new BlockRun(kind, guest, Math.Min(end, block << _metadata.BlockBits));
        }

        var start = block << _metadata.BlockBits;
        var unitEnd = Math.Min(start + _metadata.BlockBytes, _metadata.SizeBytes);
        var host = Placed(entry, unitEnd - start, "a block", entryOffset);
        var run = new BlockRun(
            ExtentKind.Data, guest, Math.Min(end, unitEnd), host + (guest - start), unitEnd,
            unitEnd - start);
        return state == FullyPresent
            ? run
            : await PartAsync(run, chunk, inChunk, start, cancellation);
    }

    private ExtentKind KindOf(int state) => state == NotPresent ? Absent : ExtentKind.Zero;

    private int StateOf(ulong entry, long entryOffset)
    {
        var state = (int)(entry & StateMask);
        if (state is 4 or 5 || (state == PartiallyPresent && !_metadata.HasParent))
            throw _faults.Table(
                _metadata.HasParent
                    ? "a block's state from 0 to 3, 6 or 7"
                    : "a block's state from 0 to 3 or 6, where there is no parent",
                $"{state}", entryOffset);
        return (entry & ReservedMask) == 0 ? state : throw _faults.Table(
            "a table entry without reserved bits", $"0x{entry:x16}", entryOffset);
    }

    private long Placed(ulong entry, long lengthBytes, string what, long entryOffset)
    {
        var host = entry & OffsetMask;
        if (host < (ulong)VhdxHeader.AlignmentBytes)
            throw _faults.Table($"{what} behind the headers", $"0x{entry:x16}", entryOffset);
        return host <= long.MaxValue && (long)host <= _fileBytes - lengthBytes
            ? (long)host
            : throw _faults.Truncated(
                what, (long)Math.Min(host, long.MaxValue), lengthBytes, _fileBytes);
    }

    /// <summary>The part of a partly stored block's run whose sectors are alike.</summary>
    private async ValueTask<BlockRun> PartAsync(
        BlockRun run, long chunk, long inChunk, long start, CancellationToken cancellation)
    {
        var entryOffset = _tableOffset
            + ((((chunk + 1) * (_metadata.ChunkBlocks + 1)) - 1) * 8);
        var page = await _table.PageAsync(entryOffset, cancellation);
        var entry = BinaryPrimitives.ReadUInt64LittleEndian(
            page.AsSpan((int)(entryOffset & (PageBytes - 1))));
        if ((entry & StateMask) != FullyPresent || (entry & ReservedMask) != 0)
            throw _faults.Table(
                "a sector bitmap for a chunk with partly stored blocks", $"0x{entry:x16}",
                entryOffset);
        var bitmap = Placed(entry, VhdxHeader.AlignmentBytes, "a sector bitmap", entryOffset);
        var perBlock = _metadata.BlockBytes / _metadata.SectorBytes;
        var first = (run.Guest - start) / _metadata.SectorBytes;
        var sectors = (run.End - start + _metadata.SectorBytes - 1) / _metadata.SectorBytes;
        var offset = bitmap + (((inChunk * perBlock) + first) >> 3);
        page = await _bitmaps.PageAsync(offset, cancellation);
        var (alike, isSet) = BitRuns.Lowest(
            page.AsSpan((int)(offset & (PageBytes - 1))), (int)(first & 7),
            (int)(sectors - first));
        var end = Math.Min(run.End, start + ((first + alike) * _metadata.SectorBytes));
        return run with { Kind = isSet ? ExtentKind.Data : Absent, End = end };
    }
}
