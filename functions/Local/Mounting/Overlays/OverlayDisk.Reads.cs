using System.Buffers;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <content>Reading, and what is where.</content>
internal sealed partial class OverlayDisk
{
    /// <summary>How often a sector is looked up anew that moved while it was read.</summary>
    private const int MostLooks = 64;

    /// <summary>Tells the extents of what lies below.</summary>
    public delegate ValueTask BelowExtents(
        ByteRange range, int most, List<Extent> extents, CancellationToken cancellation);

    /// <summary>Fills the destination; beyond the disk's end are zeros.</summary>
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        var entries = ArrayPool<OverlayEntry>.Shared.Rent(RunSectors);
        try
        {
            while (!destination.IsEmpty)
            {
                var first = offset / SectorBytes;
                var count = (int)Math.Min(
                    RunSectors, ((offset + destination.Length - 1) / SectorBytes) - first + 1);
                LookUp(first, entries.AsSpan(0, count));
                for (var i = 0; i < count;)
                {
                    var run = 1;
                    while (i + run < count && Follows(entries[i + run - 1], entries[i + run])) run++;
                    var length = (int)Math.Min(
                        destination.Length, ((first + i + run) * SectorBytes) - offset);
                    var part = destination[..length];
                    switch (entries[i].Kind)
                    {
                        case EntryKind.Below:
                            await _below(offset, part, cancellation);
                            break;
                        case EntryKind.Zero:
                            part.Span.Clear();
                            break;
                        default:
                            await ReadDataAsync(
                                offset, part, entries.AsMemory(i, run), cancellation);
                            break;
                    }
                    offset += length;
                    destination = destination[length..];
                    i += run;
                }
            }
        }
        finally
        {
            ArrayPool<OverlayEntry>.Shared.Return(entries);
        }
    }

    /// <summary>
    /// The extents of a range from its start, down to the sector; what lies below tells of the rest.
    /// </summary>
    public async ValueTask ExtentsAsync(
        ByteRange range, int most, List<Extent> extents, BelowExtents below,
        CancellationToken cancellation)
    {
        var first = extents.Count;
        for (var at = range.Offset; at < range.End;)
        {
            var (kind, end) = NextRun(at, range.End);
            var part = new ByteRange(at, end);
            if (kind == EntryKind.Below)
            {
                var found = new List<Extent>();
                await below(part, most - (extents.Count - first) + 1, found, cancellation);
                foreach (var extent in found)
                    if (!Add(extents, first, most, extent)) return;
                if (found[^1].Range.End < end) return;
            }
            else if (!Add(extents, first, most, new Extent(
                part, kind == EntryKind.Zero ? ExtentKind.Zero : ExtentKind.Data)))
            {
                return;
            }
            at = end;
        }
    }

    private static bool Add(List<Extent> extents, int first, int most, Extent extent)
    {
        if (extents.Count > first && extents[^1].Kind == extent.Kind)
        {
            extents[^1] = new Extent(
                new ByteRange(extents[^1].Range.Offset, extent.Range.End), extent.Kind);
            return true;
        }
        if (extents.Count - first >= most) return false;
        extents.Add(extent);
        return true;
    }

    /// <summary>From a byte on: where it is, and up to where all is there.</summary>
    private (EntryKind Kind, long End) NextRun(long offset, long end)
    {
        lock (_gate)
        {
            var page = offset / OverlaySizes.PageSpanBytes;
            var lastPage = (end - 1) / OverlaySizes.PageSpanBytes;
            if (!_map.States.IsTouched(page))
            {
                var next = _map.States.EndOfUntouched(page, lastPage + 1);
                return (EntryKind.Below, Math.Min(end, next * OverlaySizes.PageSpanBytes));
            }
            var pageEnd = Math.Min(end, (page + 1) * OverlaySizes.PageSpanBytes);
            if (!_map.States.IsPresent(page)) return (EntryKind.Zero, pageEnd);
            var sector = offset / SectorBytes;
            var kind = _map.Get(sector).Kind;
            for (sector++; sector * SectorBytes < pageEnd; sector++)
            {
                if (_map.Get(sector).Kind != kind) return (kind, sector * SectorBytes);
            }
            return (kind, pageEnd);
        }
    }

    private static bool Follows(OverlayEntry before, OverlayEntry next) =>
        before.Kind == next.Kind
        && (before.Kind != EntryKind.Data || before.Slot + 1 == next.Slot);

    private void LookUp(long first, Span<OverlayEntry> entries)
    {
        lock (_gate)
        {
            for (var i = 0; i < entries.Length; i++) entries[i] = _map.Get(first + i);
        }
    }

    /// <summary>Reads neighbours in the data file, checked one by one.</summary>
    private async ValueTask ReadDataAsync(
        long offset, Memory<byte> part, ReadOnlyMemory<OverlayEntry> entries,
        CancellationToken cancellation)
    {
        var length = entries.Length * SectorBytes;
        var skip = (int)(offset % SectorBytes);
        var isWhole = skip == 0 && part.Length == length;
        var buffer = isWhole ? [] : ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var target = isWhole ? part : buffer.AsMemory(0, length);
            var count = _data.Read(entries.Span[0].Slot * SectorBytes, target.Span);
            target.Span[count..].Clear();
            for (var i = 0; i < entries.Length; i++)
            {
                var sector = target.Slice(i * SectorBytes, SectorBytes);
                if (Checksums.Of(sector.Span) != entries.Span[i].Checksum)
                    await ReadMovedAsync(
                        (offset / SectorBytes) + i, sector, entries.Span[i], cancellation);
            }
            if (!isWhole) target.Span.Slice(skip, part.Length).CopyTo(part.Span);
        }
        finally
        {
            if (!isWhole) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// A sector that was not what its entry says: written anew meanwhile and its place used again,
    /// or damaged, which is when its entry is still the same.
    /// </summary>
    private async ValueTask ReadMovedAsync(
        long sector, Memory<byte> target, OverlayEntry before, CancellationToken cancellation)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            OverlayEntry now;
            lock (_gate) now = _map.Get(sector);
            if (now == before)
            {
                throw new OverlayDamagedException(
                    PathOf("data"), $"sector {sector} of checksum {now.Checksum:x8}",
                    $"{Checksums.Of(target.Span):x8}");
            }
            if (now.Kind == EntryKind.Zero)
            {
                target.Span.Clear();
                return;
            }
            if (now.Kind == EntryKind.Below)
            {
                await _below(sector * SectorBytes, target, cancellation);
                return;
            }
            var count = _data.Read(now.Slot * SectorBytes, target.Span);
            target.Span[count..].Clear();
            if (Checksums.Of(target.Span) == now.Checksum) return;
            before = now;
        }
        throw new IOException($"Sector {sector} kept being written while it was read.");
    }
}
