using System.Buffers;
using System.Buffers.Binary;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>
/// The file as it would be after its log was replayed; the file itself is never written to. Only
/// where the changes lie is kept in memory, their bytes are read from the log when they are needed.
/// </summary>
/// <remarks>It does not own the file.</remarks>
internal sealed class ReplayedSource : IByteSource
{
    private readonly IByteSource _file;
    private readonly LogChange[] _changes;

    /// <summary>A file with changes laid over it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="changes">Sorted, none overlapping.</param>
    /// <param name="lengthBytes">The length that the changes give it, if that is more.</param>
    public ReplayedSource(IByteSource file, LogChange[] changes, long lengthBytes)
    {
        (_file, _changes) = (file, changes);
        LengthBytes = Math.Max(file.LengthBytes, lengthBytes);
    }

    /// <inheritdoc />
    public string Name => _file.Name;

    /// <inheritdoc />
    public long LengthBytes { get; }

    /// <inheritdoc />
    public string Identity => _file.Identity;

    /// <inheritdoc />
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        var stored = (int)Math.Clamp(_file.LengthBytes - offset, 0, destination.Length);
        if (stored > 0)
            await _file.ReadAsync(offset, destination[..stored], cancellation);
        destination.Span[stored..].Clear();
        var end = offset + destination.Length;
        for (var i = FirstAfter(offset); i < _changes.Length && _changes[i].Start < end; i++)
        {
            var change = _changes[i];
            var from = Math.Max(change.Start, offset);
            var to = Math.Min(change.End, end);
            var part = destination.Slice((int)(from - offset), (int)(to - from));
            if (change.DataAt < 0)
                part.Span.Clear();
            else
                await CopyAsync(change, (int)(from - change.Start), part, cancellation);
        }
    }

    /// <summary>All of it may hold data: what the log changes is not looked at for holes.</summary>
    public ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default) =>
        new(offset < end ? new ByteRange(offset, end) : null);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private int FirstAfter(long offset)
    {
        var (low, high) = (0, _changes.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_changes[middle].End <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private async ValueTask CopyAsync(
        LogChange change, int skip, Memory<byte> part, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LogEntry.SectorBytes);
        try
        {
            var sector = buffer.AsMemory(0, LogEntry.SectorBytes);
            await _file.ReadAsync(change.DataAt, sector, cancellation);
            BinaryPrimitives.WriteUInt64LittleEndian(sector.Span, change.Leading);
            BinaryPrimitives.WriteUInt32LittleEndian(sector.Span[^4..], change.Trailing);
            sector.Span.Slice(skip, part.Length).CopyTo(part.Span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
