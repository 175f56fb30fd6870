using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>
/// Says where each byte of the disk comes from, by way of the active L1 table and the L2 tables.
/// Tables are read a page at a time and every entry is checked when it is used.
/// </summary>
internal sealed class ClusterMap
{
    private const ulong OffsetMask = 0x00FF_FFFF_FFFF_FE00;
    private const ulong L1ReservedMask = 0x7F00_0000_0000_01FF;
    private const ulong L2ReservedMask = 0x3F00_0000_0000_01FE;
    private const ulong CompressedBit = 1UL << 62;
    private const ulong ZeroBit = 1;
    private const int SectorBytes = 512;
    private const int Subclusters = 32;
    private readonly Qcow2Header _header;
    private readonly ImageFaults _faults;
    private readonly TablePages _pages;
    private readonly long _fileBytes;

    /// <summary>The map of an image.</summary>
    public ClusterMap(Qcow2Header header, IByteSource source, ImageFaults faults)
    {
        _header = header;
        _faults = faults;
        _fileBytes = source.LengthBytes;
        // Small clusters' tables share a page; it stays small, so that following tables that lie
        // apart never reads more than eight times what they hold.
        _pages = new TablePages(source, Math.Clamp(header.ClusterBytes, 4 << 10, 64 << 10));
    }

    /// <summary>
    /// The entries in memory around a byte of the disk; at most two pages are read.
    /// </summary>
    /// <exception cref="Model.InvalidImageException">The L1 entry is damaged.</exception>
    public async ValueTask<TableSlice> SliceAsync(long guest, CancellationToken cancellation)
    {
        var index = guest >> _header.TableReachBits;
        var entryOffset = _header.L1Offset + (index * 8);
        var page = await _pages.PageAsync(entryOffset, cancellation);
        var at = (int)(entryOffset & (_pages.PageBytes - 1));
        var entry = BinaryPrimitives.ReadUInt64BigEndian(page.AsSpan(at));
        if (entry == 0)
            return Unmapped(index, page, at);
        var tableOffset = CheckTable(entry, entryOffset);
        if (tableOffset == 0)
            return Unmapped(index, page, at);

        var tableGuest = index << _header.TableReachBits;
        var inTable = (guest - tableGuest) >> _header.ClusterBits << _header.EntryBits;
        var pageOffset = (tableOffset + inTable) & -_pages.PageBytes;
        page = await _pages.PageAsync(pageOffset, cancellation);

        // The part of the table in this page: all of it if tables are smaller than pages.
        var first = Math.Max(tableOffset, pageOffset);
        var end = Math.Min(tableOffset + _header.ClusterBytes, pageOffset + _pages.PageBytes);
        return new TableSlice(
            GuestOf(tableGuest, first - tableOffset), GuestOf(tableGuest, end - tableOffset),
            page, (int)(first - pageOffset), tableOffset, pageOffset);
    }

    /// <summary>The longest run from a byte of the slice on that comes from one place.</summary>
    /// <exception cref="Model.InvalidImageException">An L2 entry is damaged.</exception>
    public MapRun NextRun(in TableSlice slice, long guest, long end)
    {
        end = Math.Min(end, slice.End);
        if (slice.Page is null)
            return new MapRun(RunKind.Unallocated, guest, end - guest, 0, 0);
        var run = RunAt(slice, guest);
        while (run.End < end)
        {
            var next = RunAt(slice, run.End);
            if (!run.IsContinuedBy(next))
                break;
            run = run with { Length = run.Length + next.Length };
        }

        return run.End > end ? run with { Length = end - guest } : run;
    }

    private long GuestOf(long tableGuest, long inTable) =>
        tableGuest + (inTable >> _header.EntryBits << _header.ClusterBits);

    private TableSlice Unmapped(long index, byte[] page, int at)
    {
        var end = index + 1;
        for (at += 8; at < page.Length; at += 8, end++)
        {
            if (BinaryPrimitives.ReadUInt64BigEndian(page.AsSpan(at)) != 0)
                break;
        }

        return new TableSlice(
            index << _header.TableReachBits, end << _header.TableReachBits, null, 0, 0, 0);
    }

    private long CheckTable(ulong entry, long entryOffset)
    {
        if ((entry & L1ReservedMask) != 0)
            throw _faults.Table(
                "an L1 entry without reserved bits", $"0x{entry:x16}", entryOffset);
        var tableOffset = (long)(entry & OffsetMask);
        if ((tableOffset & (_header.ClusterBytes - 1)) != 0)
            throw _faults.Table(
                "an L2 table at a cluster's start", $"0x{tableOffset:x}", entryOffset);
        if (tableOffset > _fileBytes - _header.ClusterBytes)
            throw _faults.Truncated(
                "an L2 table", tableOffset, _header.ClusterBytes, _fileBytes);
        return tableOffset;
    }

    /// <summary>The run within one cluster, or one subcluster, from a byte on.</summary>
    private MapRun RunAt(in TableSlice slice, long guest)
    {
        var index = (int)((guest - slice.Guest) >> _header.ClusterBits);
        var at = slice.FirstByte + (index << _header.EntryBits);
        var entry = BinaryPrimitives.ReadUInt64BigEndian(slice.Page.AsSpan(at));
        var inCluster = guest & (_header.ClusterBytes - 1);
        var left = _header.ClusterBytes - inCluster;
        if ((entry & CompressedBit) != 0)
            return Compressed(entry, guest, left, slice.PageOffset + at);

        var zeroBit = _header is { Version: 3, HasSubclusters: false } ? ZeroBit : 0;
        if ((entry & L2ReservedMask) != 0 || (entry & ZeroBit & ~zeroBit) != 0)
            throw _faults.Table(
                "an L2 entry without reserved bits", $"0x{entry:x16}", slice.PageOffset + at);
        var host = (long)(entry & OffsetMask);
        if ((host & (_header.ClusterBytes - 1)) != 0)
            throw _faults.Table(
                "a data cluster at a cluster's start", $"0x{host:x}", slice.PageOffset + at);
        if (_header.HasSubclusters)
            return Subcluster(slice, at, host, guest);
        if ((entry & zeroBit) != 0)
            return new MapRun(RunKind.Zero, guest, left, 0, 0);
        return host == 0
            ? new MapRun(RunKind.Unallocated, guest, left, 0, 0)
            : new MapRun(RunKind.Data, guest, left, Started(host) + inCluster, 0);
    }

    private MapRun Subcluster(in TableSlice slice, int at, long host, long guest)
    {
        var bitmap = BinaryPrimitives.ReadUInt64BigEndian(slice.Page.AsSpan(at + 8));
        var (zeros, allocated) = ((uint)(bitmap >> Subclusters), (uint)bitmap);
        if ((zeros & allocated) != 0 || (allocated != 0 && host == 0))
            throw _faults.Table(
                "subclusters that are either allocated or zero, and allocated only in a cluster",
                $"0x{bitmap:x16}", slice.PageOffset + at + 8);
        var subBytes = _header.ClusterBytes / Subclusters;
        var inCluster = guest & (_header.ClusterBytes - 1);
        var bit = 1U << (int)(inCluster / subBytes);
        var left = subBytes - (inCluster % subBytes);
        if ((zeros & bit) != 0)
            return new MapRun(RunKind.Zero, guest, left, 0, 0);
        return (allocated & bit) == 0
            ? new MapRun(RunKind.Unallocated, guest, left, 0, 0)
            : new MapRun(RunKind.Data, guest, left, Started(host) + inCluster, 0);
    }

    private MapRun Compressed(ulong entry, long guest, long left, long entryOffset)
    {
        var offsetBits = 62 - (_header.ClusterBits - 8);
        var host = (long)(entry & ((1UL << offsetBits) - 1));
        var sectors = (int)((entry & (CompressedBit - 1)) >> offsetBits) + 1;
        if (host == 0)
            throw _faults.Table(
                "a compressed cluster behind the header", "offset 0", entryOffset);
        if (host >= _fileBytes)
            throw _faults.Truncated("a compressed cluster", host, 1, _fileBytes);
        // The packed bytes are counted in sectors, so the last one may reach past the file's end.
        var packed = ((long)sectors * SectorBytes) - (host & (SectorBytes - 1));
        return new MapRun(
            RunKind.Compressed, guest, left, host, (int)Math.Min(packed, _fileBytes - host));
    }

    /// <summary>
    /// The cluster's offset, once it is known to begin inside the file. Its end may lie past the
    /// file's: writers leave the last cluster's unwritten tail away, and it reads as zeros.
    /// </summary>
    private long Started(long host) => host < _fileBytes ? host : throw _faults.Truncated(
        "a data cluster", host, _header.ClusterBytes, _fileBytes);
}
