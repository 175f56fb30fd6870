using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>
/// Where each byte of a sparse extent comes from: the grain directory names grain tables, and these
/// the grains. The redundant copies of both are never read.
/// </summary>
internal sealed class VmdkGrainMap : IBlockMap
{
    private const int PageBytes = 4096;
    private const int Sector = VmdkHeader.SectorBytes;
    private const uint ZeroGrain = 1;
    private readonly VmdkHeader _header;
    private readonly ImageFaults _faults;
    private readonly TablePages _directory;
    private readonly TablePages _tables;
    private readonly long _fileBytes;
    private readonly ExtentKind _absent;

    /// <summary>The map of an extent.</summary>
    public VmdkGrainMap(
        VmdkHeader header, bool hasParent, IByteSource source, ImageFaults faults)
    {
        (_header, _faults, _fileBytes) = (header, faults, source.LengthBytes);
        _absent = hasParent ? ExtentKind.Parent : ExtentKind.Zero;
        _directory = new TablePages(source, PageBytes);
        _tables = new TablePages(source, PageBytes);
    }

    private long TableReach => (long)_header.TableEntries << _header.GrainBits;

    /// <inheritdoc />
    public async ValueTask<BlockRun> RunAsync(
        long guest, long end, bool isExact, CancellationToken cancellation)
    {
        var grain = guest >> _header.GrainBits;
        var (table, inTable) = Math.DivRem(grain, _header.TableEntries);
        var entryOffset = _header.DirectoryOffset + (table * 4);
        var page = await _directory.PageAsync(entryOffset, cancellation);
        var at = (int)(entryOffset & (PageBytes - 1));
        var place = U32(page, at);
        if (place == 0)
        {
            var count = Alike(page, at, _header.Tables - table);
            return new BlockRun(_absent, guest, Math.Min(end, (table + count) * TableReach));
        }

        var left = Math.Min(_header.TableEntries - inTable, _header.Grains - grain);
        var tableOffset = (long)place * Sector;
        var tableBytes = (left + inTable) * 4;
        if (tableOffset > _fileBytes - tableBytes)
            throw _faults.Truncated("a grain table", tableOffset, tableBytes, _fileBytes);
        // A walk comes to the start of every table: there its own bytes are counted, so that no
        // directory can name one table everywhere.
        var counted = guest == table * TableReach ? tableBytes : 0;
        entryOffset = tableOffset + (inTable * 4);
        page = await _tables.PageAsync(entryOffset, cancellation);
        at = (int)(entryOffset & (PageBytes - 1));
        var entry = U32(page, at);
        if (entry != 0 && !(entry == ZeroGrain && _header.HasZeroGrains))
            return Stored(guest, end, grain, entry, counted, entryOffset);
        var runEnd = Math.Min(end, (grain + Alike(page, at, left)) << _header.GrainBits);
        return new BlockRun(
            entry == 0 ? _absent : ExtentKind.Zero, guest, runEnd, 0, runEnd, counted);
    }

    private BlockRun Stored(
        long guest, long end, long grain, uint entry, long counted, long entryOffset)
    {
        var start = grain << _header.GrainBits;
        var unitEnd = Math.Min(start + _header.GrainBytes, _header.SizeBytes);
        var host = (long)entry * Sector;
        // How long a compressed grain is only its marker tells; a sector it takes at least.
        var stored = _header.IsCompressed ? Sector : unitEnd - start;
        if (host > _fileBytes - stored)
            throw _faults.Truncated(
                $"a grain, as the entry at byte {entryOffset} has it,", host, stored, _fileBytes);
        return _header.IsCompressed
            ? new BlockRun(
                ExtentKind.Data, guest, Math.Min(end, unitEnd), host, unitEnd, stored + counted,
                _header.GrainBytes)
            : new BlockRun(
                ExtentKind.Data, guest, Math.Min(end, unitEnd), host + (guest - start), unitEnd,
                stored + counted);
    }

    /// <summary>How many entries of a page, from one on, are equal to it.</summary>
    private static long Alike(byte[] page, int at, long most)
    {
        var (first, count) = (U32(page, at), 1L);
        for (at += 4; at < PageBytes && count < most && U32(page, at) == first; at += 4)
            count++;
        return count;
    }

    private static uint U32(byte[] page, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(at));
}
