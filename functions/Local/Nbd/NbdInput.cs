using System.Net.Sockets;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>
/// What a client sends. Between requests it may be silent for as long as it likes; within one it
/// must keep a pace. Not thread-safe.
/// </summary>
internal sealed class NbdInput(Socket socket, NbdLimits limits, TimeProvider time) : IDisposable
{
    private readonly byte[] _buffer = new byte[32 << 10];
    private readonly NbdDeadline _deadline = new(limits, time);
    private int _first;
    private int _end;

    /// <summary>Waits for the first byte of the next request; false when the client has gone.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellation)
    {
        if (_first < _end) return true;
        _first = 0;
        _end = await ReceiveAsync(_buffer, cancellation);
        return _end > 0;
    }

    /// <summary>Fills the destination, within the time that its length allows.</summary>
    /// <exception cref="NbdGoneException">The client went away, or is too slow.</exception>
    public async ValueTask ReadAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        var held = Math.Min(destination.Length, _end - _first);
        _buffer.AsSpan(_first, held).CopyTo(destination.Span);
        _first += held;
        destination = destination[held..];
        if (destination.IsEmpty) return;
        await using var ending = _deadline.Begin(destination.Length, cancellation);
        try
        {
            await FillAsync(destination, _deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NbdGoneException("the client was too slow with the rest of a request");
        }
    }

    /// <summary>Reads over bytes that nobody wants.</summary>
    public async ValueTask SkipAsync(long lengthBytes, CancellationToken cancellation)
    {
        var waste = new byte[(int)Math.Min(lengthBytes, 16 << 10)];
        for (; lengthBytes > 0; lengthBytes -= waste.Length)
            await ReadAsync(
                waste.AsMemory(0, (int)Math.Min(waste.Length, lengthBytes)), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _deadline.Dispose();

    private async ValueTask FillAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        while (!destination.IsEmpty)
        {
            // What is long goes straight to its place, and nothing is received beyond it.
            var direct = destination.Length >= _buffer.Length / 2;
            var count = await ReceiveAsync(direct ? destination : _buffer, cancellation);
            if (count == 0)
                throw new NbdGoneException("the client went away in the middle of a request");
            if (direct)
            {
                destination = destination[count..];
                continue;
            }
            (_first, _end) = (Math.Min(count, destination.Length), count);
            _buffer.AsSpan(0, _first).CopyTo(destination.Span);
            destination = destination[_first..];
        }
    }

    private async ValueTask<int> ReceiveAsync(
        Memory<byte> destination, CancellationToken cancellation)
    {
        try
        {
            return await socket.ReceiveAsync(destination, SocketFlags.None, cancellation);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            throw new NbdGoneException("the connection broke", error);
        }
    }
}
