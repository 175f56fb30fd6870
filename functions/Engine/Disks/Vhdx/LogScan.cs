using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>
/// Finds the log's active sequence: of all runs of entries that follow each other and hold their
/// own tail, the one whose last entry is the newest. What a torn write left fails its checksum and
/// ends a run, so that the state before it counts.
/// </summary>
/// <remarks>
/// An entry's structure is checked sector by sector before its checksum. Each sector bears a mark
/// that only one part of an entry can have, so entries never overlap, and the whole search reads
/// the log a few times at most whatever it holds.
/// </remarks>
internal sealed class LogScan
{
    private const int PageBytes = 64 << 10;
    private readonly TablePages _pages;
    private readonly VhdxHeader _header;

    /// <summary>A search in the log that a header names.</summary>
    public LogScan(IByteSource source, VhdxHeader header)
    {
        _header = header;
        _pages = new TablePages(source, PageBytes);
    }

    /// <summary>The active sequence's entries, oldest first; empty when there is none.</summary>
    public async ValueTask<List<LogEntry>> ActiveAsync(CancellationToken cancellation)
    {
        List<LogEntry> active = [];
        for (var at = 0L; at < _header.LogBytes;)
        {
            var run = await RunAsync(at, cancellation);
            if (run.Count == 0)
            {
                at += LogEntry.SectorBytes;
                continue;
            }

            var head = run[^1];
            at = head.At < at ? _header.LogBytes : head.At + head.LengthBytes;
            var first = run.FindIndex(e => e.At == head.Tail);
            if (first >= 0 && (active.Count == 0 || head.Sequence > active[^1].Sequence))
                active = run[first..];
        }

        return active;
    }

    /// <summary>A sector of the log, by its place from the log's start on, around its end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> SectorAsync(
        long at, CancellationToken cancellation)
    {
        var offset = _header.LogOffset + (at % _header.LogBytes);
        var page = await _pages.PageAsync(offset, cancellation);
        return page.AsMemory((int)(offset & (PageBytes - 1)), LogEntry.SectorBytes);
    }

    private async ValueTask<List<LogEntry>> RunAsync(long at, CancellationToken cancellation)
    {
        var (run, lengthBytes) = (new List<LogEntry>(), 0L);
        while (lengthBytes < _header.LogBytes)
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = await EntryAsync((at + lengthBytes) % _header.LogBytes, cancellation);
            if (entry is not { } next
                || (run.Count > 0 && next.Sequence != run[^1].Sequence + 1)
                || lengthBytes + next.LengthBytes > _header.LogBytes)
                break;
            run.Add(next);
            lengthBytes += next.LengthBytes;
        }

        return run;
    }

    private async ValueTask<LogEntry?> EntryAsync(long at, CancellationToken cancellation)
    {
        var first = await SectorAsync(at, cancellation);
        if (Parse(first.Span, at) is not { } entry)
            return null;
        var (state, sector, data) = (Crc32C.Start, first, 0);
        var descriptorSectors = LogEntry.DescriptorSectors(entry.Descriptors);
        for (var i = 0L; i < entry.LengthBytes / LogEntry.SectorBytes; i++)
        {
            if (i > 0)
                sector = await SectorAsync(at + (i * LogEntry.SectorBytes), cancellation);
            if (i < descriptorSectors)
            {
                if (CountData(sector.Span, entry, i) is not { } count)
                    return null;
                data += count;
            }
            else if (!IsData(sector.Span, entry.Sequence))
                return null;
            state = i == 0
                ? Crc32C.Add(
                    Crc32C.Add(Crc32C.Add(state, sector.Span[..4]), [0, 0, 0, 0]),
                    sector.Span[8..])
                : Crc32C.Add(state, sector.Span);
        }

        return Crc32C.End(state) == Crc32C.Stored(first.Span)
            && entry.LengthBytes == (descriptorSectors + data) * LogEntry.SectorBytes
            ? entry
            : null;
    }

    private LogEntry? Parse(ReadOnlySpan<byte> sector, long at)
    {
        if (!sector.StartsWith("loge"u8) || new Guid(sector.Slice(32, 16)) != _header.LogId)
            return null;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(sector[8..]);
        var tail = BinaryPrimitives.ReadUInt32LittleEndian(sector[12..]);
        var sequence = BinaryPrimitives.ReadUInt64LittleEndian(sector[16..]);
        var descriptors = BinaryPrimitives.ReadUInt32LittleEndian(sector[24..]);
        var flushed = BinaryPrimitives.ReadInt64LittleEndian(sector[48..]);
        var last = BinaryPrimitives.ReadInt64LittleEndian(sector[56..]);
        var isRight = length % LogEntry.SectorBytes == 0 && length > 0
            && length <= _header.LogBytes
            && tail % LogEntry.SectorBytes == 0 && tail < _header.LogBytes
            && sequence > 0 && flushed >= 0 && last >= 0
            && LogEntry.DescriptorSectors(descriptors) * LogEntry.SectorBytes <= length;
        return isRight
            ? new LogEntry(at, length, tail, sequence, (int)descriptors, flushed, last)
            : null;
    }

    /// <summary>Data descriptors in one sector of an entry; null where one is not right.</summary>
    private static int? CountData(ReadOnlySpan<byte> sector, in LogEntry entry, long index)
    {
        var data = 0;
        var (first, end) = RangeIn(entry, index);
        for (var at = first; at < end; at += LogEntry.DescriptorBytes)
        {
            var descriptor = sector.Slice(at, LogEntry.DescriptorBytes);
            var isData = descriptor.StartsWith("desc"u8);
            var offset = BinaryPrimitives.ReadInt64LittleEndian(descriptor[16..]);
            var length = isData
                ? LogEntry.SectorBytes
                : BinaryPrimitives.ReadInt64LittleEndian(descriptor[8..]);
            if ((!isData && !descriptor.StartsWith("zero"u8))
                || BinaryPrimitives.ReadUInt64LittleEndian(descriptor[24..]) != entry.Sequence
                || offset < 0 || offset % LogEntry.SectorBytes != 0
                || length <= 0 || length % LogEntry.SectorBytes != 0
                || offset > long.MaxValue - length)
                return null;
            data += isData ? 1 : 0;
        }

        return data;
    }

    /// <summary>Where in a sector of an entry its descriptors lie.</summary>
    public static (int First, int End) RangeIn(in LogEntry entry, long index)
    {
        var all = LogEntry.HeaderBytes + ((long)entry.Descriptors * LogEntry.DescriptorBytes);
        return (
            index == 0 ? LogEntry.HeaderBytes : 0,
            (int)Math.Min(LogEntry.SectorBytes, all - (index * LogEntry.SectorBytes)));
    }

    private static bool IsData(ReadOnlySpan<byte> sector, ulong sequence) =>
        sector.StartsWith("data"u8)
        && BinaryPrimitives.ReadUInt32LittleEndian(sector[4..]) == (uint)(sequence >> 32)
        && BinaryPrimitives.ReadUInt32LittleEndian(sector[4092..]) == (uint)sequence;
}
