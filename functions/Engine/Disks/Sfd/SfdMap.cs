using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Sfd;

/// <summary>
/// Where each byte of a changed-block file comes from: the table at its end has its ranges in the
/// disk's order. What is in none of them is the parent's.
/// </summary>
internal sealed class SfdMap : IBlockMap
{
    private const int PageBytes = 4096;
    private readonly TablePages _pages;
    private readonly ImageFaults _faults;
    private readonly long _sizeBytes;
    private readonly long _dataOffset;
    private readonly ByteRange _table;

    /// <summary>The entry that the last search ended at: a walk goes on from there.</summary>
    private long _near;

    /// <summary>The map of a file.</summary>
    public SfdMap(
        IByteSource source, long sizeBytes, long dataOffset, ByteRange table, ImageFaults faults)
    {
        (_sizeBytes, _dataOffset, _table, _faults) = (sizeBytes, dataOffset, table, faults);
        _pages = new TablePages(source, PageBytes);
    }

    /// <summary>How many ranges there are.</summary>
    public long Count => _table.Length / SfdEntry.LengthBytes;

    /// <inheritdoc />
    public async ValueTask<BlockRun> RunAsync(
        long guest, long end, bool isExact, CancellationToken cancellation)
    {
        var index = await FindAsync(guest, cancellation);
        if (index == Count)
            return new BlockRun(ExtentKind.Parent, guest, end);
        var entry = await CheckedAsync(index, cancellation);
        if (entry.Range.Offset > guest)
            return new BlockRun(ExtentKind.Parent, guest, Math.Min(end, entry.Range.Offset));
        end = Math.Min(end, entry.Range.End);
        return entry.IsZero
            ? new BlockRun(ExtentKind.Zero, guest, end)
            : new BlockRun(
                ExtentKind.Data, guest, end, entry.Place, entry.Range.End, entry.Range.Length,
                entry.Range.Length);
    }

    /// <summary>The entry of the range that has a byte of the disk.</summary>
    public async ValueTask<SfdEntry> EntryAsync(long guest, CancellationToken cancellation) =>
        await ReadAsync(await FindAsync(guest, cancellation), cancellation);

    /// <summary>The first entry that ends behind a byte of the disk.</summary>
    private async ValueTask<long> FindAsync(long guest, CancellationToken cancellation)
    {
        var (low, high) = (0L, Count);
        for (var near = Volatile.Read(ref _near); low < high;)
        {
            var middle = near >= low && near < high ? near : low + ((high - low) / 2);
            if ((await CheckedAsync(middle, cancellation)).Range.End <= guest)
                // In a walk the next one is the one that is looked for.
                (low, near) = (middle + 1, near == middle ? middle + 1 : -1);
            else
                (high, near) = (middle, near == middle ? middle - 1 : -1);
        }

        Volatile.Write(ref _near, low);
        return low;
    }

    /// <summary>An entry that fits behind the one before it, on the disk and in the file.</summary>
    private async ValueTask<SfdEntry> CheckedAsync(long index, CancellationToken cancellation)
    {
        var entry = await ReadAsync(index, cancellation);
        var at = _table.Offset + (index * SfdEntry.LengthBytes);
        var (start, place) = (0L, _dataOffset);
        if (index > 0)
        {
            var before = await ReadAsync(index - 1, cancellation);
            (start, place) = (before.Range.End, before.PlaceEnd);
        }

        if (entry.Range.Offset < start)
            throw _faults.Table(
                $"ascending ranges: the next one at byte {start} of the disk or behind it",
                $"one at {entry.Range.Offset}", at);
        if (entry.Place < place || entry.PlaceEnd > _table.Offset)
            throw _faults.Table(
                $"bytes from {place} of the file on, before its table",
                $"{entry.Place} to {entry.PlaceEnd}", at + 16);
        return entry;
    }

    private async ValueTask<SfdEntry> ReadAsync(long index, CancellationToken cancellation)
    {
        var at = _table.Offset + (index * SfdEntry.LengthBytes);
        var page = await _pages.PageAsync(at, cancellation);
        var bytes = page.AsSpan((int)(at & (PageBytes - 1)), SfdEntry.LengthBytes);
        var offset = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        var place = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        var kind = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        if (kind is not (SfdEntry.Data or SfdEntry.Zeros))
            throw _faults.Table("a range of kind 1 or 2", $"{kind}", at + 24);
        if (offset < 0 || length <= 0 || offset > _sizeBytes - length)
            throw _faults.Table(
                $"a range of the disk's {_sizeBytes} bytes", $"{length} bytes at {offset}", at);
        if (offset % SfdHeader.SectorBytes != 0
            || (length % SfdHeader.SectorBytes != 0 && offset + length != _sizeBytes))
            throw _faults.Table("a range of whole sectors", $"{length} bytes at {offset}", at);
        if (place < 0 || place > _table.Offset)
            throw _faults.Table("bytes before the table", $"{place}", at + 16);
        var hash = new Hash256(bytes[SfdEntry.HashAt..]);
        if (kind == SfdEntry.Data && length > SfdEntry.MostDataBytes)
            throw _faults.Table(
                $"at most {SfdEntry.MostDataBytes} bytes a range", $"{length}", at + 8);
        if (kind == SfdEntry.Zeros && !hash.IsZero)
            throw _faults.Table("zeros without a checksum", $"{hash}", at + SfdEntry.HashAt);
        return new SfdEntry(
            new ByteRange(offset, offset + length), place, kind == SfdEntry.Zeros, hash);
    }
}
