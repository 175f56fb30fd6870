using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.TestShared.Restoring;

/// <summary>An open target in memory.</summary>
internal sealed class MemoryTarget(
    MemoryRestoreTargets targets, string name, MemoryTargetFile file) : IRestoreTarget
{
    private readonly int _start = targets.Starts;

    /// <inheritdoc/>
    public long LengthBytes => file.Bytes.Length;

    /// <inheritdoc/>
    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        targets.Act(() =>
        {
            file.Bytes.AsSpan((int)offset, destination.Length).CopyTo(destination.Span);
            return targets.ReadBytes += destination.Length;
        }, _start);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default)
    {
        var stop = (int)Math.Min(end, file.Bytes.Length);
        var at = (int)offset;
        var data = at < stop ? file.Bytes.AsSpan(at, stop - at).IndexOfAnyExcept((byte)0) : -1;
        return ValueTask.FromResult<ByteRange?>(
            data < 0 ? null : new ByteRange(at + data, stop));
    }

    /// <inheritdoc/>
    public ValueTask ReserveAsync(
        IReadOnlyList<ByteRange> ranges, CancellationToken cancellation = default)
    {
        targets.Act(() =>
        {
            targets.Reserved.AddRange(ranges);
            return true;
        }, _start);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        targets.Act(() =>
        {
            var end = offset + bytes.Length;
            if (targets.Written.Sum(w => w.Length) + bytes.Length > targets.CapacityBytes)
                throw new RestoreTargetException("full", name, "In memory: full.");
            if (end > file.Bytes.Length) Array.Resize(ref file.Bytes, (int)end);
            bytes.Span.CopyTo(file.Bytes.AsSpan((int)offset));
            targets.Written.Add(new ByteRange(offset, end));
            return true;
        }, _start);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ZeroAsync(
        long offset, long lengthBytes, CancellationToken cancellation = default)
    {
        targets.Act(() =>
        {
            file.Bytes.AsSpan((int)offset, (int)lengthBytes).Clear();
            return true;
        }, _start);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation = default)
    {
        targets.Act(
            () =>
            {
                file.Flush();
                return true;
            },
            _start);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
