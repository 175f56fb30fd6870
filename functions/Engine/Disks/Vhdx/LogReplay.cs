using System.Buffers.Binary;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>Lays what the log holds over the file, in memory only.</summary>
/// <param name="source">The file.</param>
/// <param name="header">The header that counts.</param>
/// <param name="faults">Words the refusals.</param>
internal sealed class LogReplay(IByteSource source, VhdxHeader header, ImageFaults faults)
{
    /// <summary>What the replay of one log may change: 512 MiB in sectors, about 8 MiB here.</summary>
    private const int MostChanges = 128 << 10;

    /// <summary>The file as its log leaves it; itself when the log is empty.</summary>
    /// <exception cref="Model.InvalidImageException">The log cannot be replayed.</exception>
    public async ValueTask<IByteSource> RunAsync(CancellationToken cancellation)
    {
        if (header.LogId == Guid.Empty)
            return source;
        var scan = new LogScan(source, header);
        var entries = await scan.ActiveAsync(cancellation);
        if (entries.Count == 0)
            throw faults.Refused(
                "log", $"a log with entries of {header.LogId}, as the header says", "none",
                "The file was cut or damaged: check it with Hyper-V and upload it again.");
        var head = entries[^1];
        if (source.LengthBytes < head.FlushedBytes)
            throw faults.Truncated(
                "a file as its log knows it", 0, head.FlushedBytes, source.LengthBytes);
        if (head.LastBytes > ImageLimits.DiskBytes * 2)
            throw faults.Refused(
                "log", "a log that leaves a file of at most 128 TiB", $"{head.LastBytes} bytes",
                "Check the file with Hyper-V and upload it again.");
        var changes = new List<LogChange>();
        foreach (var entry in entries)
            await AddAsync(scan, entry, changes, cancellation);
        return new ReplayedSource(source, Flatten(changes), head.LastBytes);
    }

    private async ValueTask AddAsync(
        LogScan scan, LogEntry entry, List<LogChange> changes, CancellationToken cancellation)
    {
        if (changes.Count + (long)entry.Descriptors > MostChanges)
            throw faults.Quota(
                $"a log of at most {MostChanges} changes",
                $"at least {changes.Count + (long)entry.Descriptors}");
        var sectors = LogEntry.DescriptorSectors(entry.Descriptors);
        var data = entry.At + (sectors * LogEntry.SectorBytes);
        for (var i = 0L; i < sectors; i++)
        {
            var sector = await scan.SectorAsync(
                entry.At + (i * LogEntry.SectorBytes), cancellation);
            var (first, end) = LogScan.RangeIn(entry, i);
            for (var at = first; at < end; at += LogEntry.DescriptorBytes)
            {
                var isData = sector.Span[at] == (byte)'d';
                changes.Add(ChangeOf(
                    sector.Span.Slice(at, LogEntry.DescriptorBytes),
                    isData ? header.LogOffset + (data % header.LogBytes) : -1));
                data += isData ? LogEntry.SectorBytes : 0;
            }
        }
    }

    private static LogChange ChangeOf(ReadOnlySpan<byte> descriptor, long dataAt)
    {
        var start = BinaryPrimitives.ReadInt64LittleEndian(descriptor[16..]);
        var second = BinaryPrimitives.ReadUInt64LittleEndian(descriptor[8..]);
        return dataAt < 0
            ? new LogChange(start, start + (long)second, -1)
            : new LogChange(
                start, start + LogEntry.SectorBytes, dataAt, second,
                BinaryPrimitives.ReadUInt32LittleEndian(descriptor[4..]));
    }

    /// <summary>
    /// Changes that follow each other as pieces side by side: from every place on, the latest one
    /// that covers it.
    /// </summary>
    private static LogChange[] Flatten(List<LogChange> changes)
    {
        var edges = new SortedSet<long>();
        foreach (var change in changes)
        {
            edges.Add(change.Start);
            edges.Add(change.End);
        }

        // A sweep over all edges: of the changes that are open at a place, the latest is on top.
        var opening = Enumerable.Range(0, changes.Count).OrderBy(i => changes[i].Start).ToArray();
        var open = new PriorityQueue<int, int>();
        var (pieces, next, from) = (new List<LogChange>(), 0, 0L);
        foreach (var edge in edges)
        {
            while (open.TryPeek(out var top, out _) && changes[top].End <= from)
                open.Dequeue();
            if (edge > from && open.TryPeek(out var latest, out _))
                pieces.Add(changes[latest] with { Start = from, End = edge });
            for (; next < opening.Length && changes[opening[next]].Start == edge; next++)
                open.Enqueue(opening[next], -opening[next]);
            from = edge;
        }

        return [.. pieces];
    }
}
