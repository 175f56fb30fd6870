using System.Buffers;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>
/// Reads a disk for somebody who walks it from its start to its end and leaves out what is zero:
/// some windows that hold data are always read ahead, side by side.
/// </summary>
internal sealed class ReadAhead : IAsyncDisposable
{
    private readonly DiskView _view;
    private readonly int _windowBytes;
    private readonly int _atOnce;
    private readonly IAsyncEnumerator<Extent> _extents;
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<(long Window, byte[] Buffer, Task Reading)> _windows = new();
    private ByteRange _ahead;
    private long _last = -1;

    /// <summary>Reads ahead along extents, which go on to the disk's end.</summary>
    public ReadAhead(DiskView view, DiskExtents extents, int windowBytes, int atOnce)
    {
        (_view, _windowBytes, _atOnce) = (view, windowBytes, atOnce);
        _extents = extents(new ByteRange(0, view.SizeBytes), _stop.Token)
            .GetAsyncEnumerator(_stop.Token);
    }

    /// <summary>Fills the destination; offsets must rise from call to call.</summary>
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        while (!destination.IsEmpty)
        {
            var window = offset / _windowBytes;
            var skip = (int)(offset % _windowBytes);
            var length = Math.Min(destination.Length, _windowBytes - skip);
            cancellation.ThrowIfCancellationRequested();
            var found = await FindAsync(window, cancellation);
            if (found is null) destination.Span[..length].Clear();
            else found.AsSpan(skip, length).CopyTo(destination.Span);
            offset += length;
            destination = destination[length..];
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        while (_windows.TryDequeue(out var left))
        {
            await left.Reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(left.Buffer);
        }
        await _extents.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>A window's bytes, valid until the next call; null when it is all zero.</summary>
    private async ValueTask<byte[]?> FindAsync(long window, CancellationToken cancellation)
    {
        while (_windows.TryPeek(out var head) && head.Window < window)
        {
            await head.Reading;
            ArrayPool<byte>.Shared.Return(_windows.Dequeue().Buffer);
        }
        while (_windows.Count < _atOnce && await NextWindowAsync() is { } next)
        {
            // One that the walk has passed already held nothing of what it asked for.
            if (next < window) continue;
            var buffer = ArrayPool<byte>.Shared.Rent(_windowBytes);
            _windows.Enqueue((next, buffer, Task.Run(
                () => _view.ReadAsync(
                    next * _windowBytes, buffer.AsMemory(0, _windowBytes), _stop.Token),
                _stop.Token)));
        }
        if (!_windows.TryPeek(out var first) || first.Window != window) return null;
        await first.Reading.WaitAsync(cancellation);
        return first.Buffer;
    }

    /// <summary>The next window that holds data, each once.</summary>
    private async ValueTask<long?> NextWindowAsync()
    {
        while (true)
        {
            var next = Math.Max(_ahead.Offset / _windowBytes, _last + 1);
            if (_ahead.Length > 0 && next * _windowBytes < _ahead.End)
            {
                _last = next;
                return next;
            }
            if (!await _extents.MoveNextAsync()) return null;
            _ahead = _extents.Current.Kind == ExtentKind.Data ? _extents.Current.Range : default;
        }
    }
}
