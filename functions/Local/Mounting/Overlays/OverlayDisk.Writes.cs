using System.Buffers;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <content>Writing, zeroing and trimming.</content>
internal sealed partial class OverlayDisk
{
    private static readonly byte[] Zeros = new byte[RunSectors * SectorBytes];

    /// <summary>Writes; durable once flushed.</summary>
    public async ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        if (content.IsEmpty) return;
        await _writing.WaitAsync(cancellation);
        try
        {
            await WriteInTurnAsync(offset, content, cancellation);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Makes a range zeros: as holes, or stored.</summary>
    public async ValueTask ZeroAsync(
        ByteRange range, bool isStored, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var whole = isStored ? new ByteRange(range.End, range.End) : WholeSectors(range);
            await WriteZerosAsync(range with { End = Math.Min(range.End, whole.Offset) }, cancellation);
            if (whole.Length > 0)
            {
                await DropAsync(whole, cancellation);
                await WriteZerosAsync(
                    new ByteRange(Math.Min(whole.End, range.End), range.End), cancellation);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Gives a range up: the sectors that lie wholly within it become zeros.</summary>
    public async ValueTask TrimAsync(ByteRange range, CancellationToken cancellation)
    {
        var whole = WholeSectors(range);
        if (whole.Length <= 0) return;
        await _writing.WaitAsync(cancellation);
        try
        {
            await DropAsync(whole, cancellation);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>
    /// The sectors within a range; the disk's last one is within when the range goes to its end. An
    /// empty range at the range's end where there are none.
    /// </summary>
    private ByteRange WholeSectors(ByteRange range)
    {
        var first = (range.Offset + SectorBytes - 1) / SectorBytes * SectorBytes;
        var end = range.End == SizeBytes
            ? (range.End + SectorBytes - 1) / SectorBytes * SectorBytes
            : range.End / SectorBytes * SectorBytes;
        return first < end ? new ByteRange(first, end) : new ByteRange(range.End, range.End);
    }

    private async Task WriteZerosAsync(ByteRange range, CancellationToken cancellation)
    {
        for (var at = range.Offset; at < range.End;)
        {
            var count = (int)Math.Min(Zeros.Length, range.End - at);
            await WriteInTurnAsync(at, Zeros.AsMemory(0, count), cancellation);
            at += count;
        }
    }

    private async Task WriteInTurnAsync(
        long offset, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        while (!content.IsEmpty)
        {
            await MakeRoomAsync(cancellation);
            var inSector = (int)(offset % SectorBytes);
            int count;
            if (inSector != 0 || content.Length < SectorBytes)
            {
                count = Math.Min(content.Length, SectorBytes - inSector);
                await WritePartAsync(offset, content[..count], cancellation);
            }
            else
            {
                count = Math.Min(content.Length / SectorBytes, RunSectors) * SectorBytes;
                WriteSectors(offset / SectorBytes, content.Span[..count]);
            }
            offset += count;
            content = content[count..];
        }
    }

    /// <summary>A part of a sector: laid over the rest, as sectors are written whole.</summary>
    private async Task WritePartAsync(
        long offset, ReadOnlyMemory<byte> part, CancellationToken cancellation)
    {
        var sector = offset / SectorBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(SectorBytes);
        try
        {
            await ReadAsync(sector * SectorBytes, buffer.AsMemory(0, SectorBytes), cancellation);
            part.Span.CopyTo(buffer.AsSpan((int)(offset % SectorBytes)));
            WriteSectors(sector, buffer.AsSpan(0, SectorBytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Data to new places, then the journal, then the map in memory.</summary>
    private void WriteSectors(long first, ReadOnlySpan<byte> content)
    {
        Span<long> slots = stackalloc long[content.Length / SectorBytes];
        lock (_gate)
        {
            ThrowIfFailed();
            _slots.Take(slots);
        }
        try
        {
            for (var i = 0; i < slots.Length;)
            {
                var end = i + 1;
                while (end < slots.Length && slots[end] == slots[end - 1] + 1) end++;
                _data.Write(
                    slots[i] * SectorBytes, content[(i * SectorBytes)..(end * SectorBytes)]);
                i = end;
            }
        }
        catch
        {
            lock (_gate) _slots.Return(slots);
            throw;
        }
        Span<JournalRecord> records = new JournalRecord[slots.Length];
        for (var i = 0; i < records.Length; i++)
            records[i] = new JournalRecord(
                RecordKind.Data, first + i, slots[i],
                Checksums.Of(content.Slice(i * SectorBytes, SectorBytes)));
        Commit(records);
    }

    /// <summary>Makes whole sectors zeros without writing any.</summary>
    private async Task DropAsync(ByteRange range, CancellationToken cancellation)
    {
        var (at, end) = (range.Offset / SectorBytes, range.End / SectorBytes);
        var lastSector = (SizeBytes + SectorBytes - 1) / SectorBytes;
        while (at < end)
        {
            await MakeRoomAsync(cancellation);
            var page = at / OverlaySizes.PageSectors;
            var pageStart = page * OverlaySizes.PageSectors;
            var pageEnd = pageStart + OverlaySizes.PageSectors;
            if (at != pageStart || (end < pageEnd && end != lastSector))
            {
                var count = Math.Min(end, pageEnd) - at;
                Commit([new JournalRecord(RecordKind.Zero, at, count, 0)]);
                at += count;
                continue;
            }
            // No more at once than fits what is looked through under the lock.
            var last = Math.Min(
                end == lastSector ? Pages : end / OverlaySizes.PageSectors, page + 4096);
            Commit([new JournalRecord(RecordKind.ZeroPages, page, last - page, 0)]);
            at = last * OverlaySizes.PageSectors;
        }
    }

    /// <summary>With the writer's turn: what records say holds from now on.</summary>
    private void Commit(ReadOnlySpan<JournalRecord> records)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            foreach (var record in records) GiveUp(record);
            try
            {
                _journal!.Append(records);
            }
            catch (Exception error)
            {
                // Some of the records may stand in the file: nothing may come after them there.
                _failed = error;
                throw;
            }
            foreach (var record in records) Apply(record);
            _changes++;
        }
    }

    /// <summary>The places that a record makes free.</summary>
    private void GiveUp(JournalRecord record)
    {
        if (record.Kind != RecordKind.ZeroPages)
        {
            var count = record.Kind == RecordKind.Data ? 1 : record.Value;
            for (var i = 0L; i < count; i++) GiveUp(record.First + i);
            return;
        }
        for (var page = record.First; page < record.First + record.Value; page++)
        {
            if (!_map.States.IsPresent(page)) continue;
            for (var i = 0; i < OverlaySizes.PageSectors; i++)
                GiveUp((page * OverlaySizes.PageSectors) + i);
        }
    }

    private void GiveUp(long sector)
    {
        var entry = _map.Get(sector);
        if (entry.Kind == EntryKind.Data) _slots.GiveUp(entry.Slot);
    }

    /// <summary>With the writer's turn: writes the map when the journal or memory is full.</summary>
    private async ValueTask MakeRoomAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            if (_journal!.Count < _sizes.MostRecords - RunSectors
                && _map.DirtyPages < _sizes.MostDirtyPages
                && _slots.GivenUp < _sizes.MostRecords) return;
        }
        await _flushing.WaitAsync(cancellation);
        try
        {
            Checkpoint();
        }
        finally
        {
            _flushing.Release();
        }
    }
}
