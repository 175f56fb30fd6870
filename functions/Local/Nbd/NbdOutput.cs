using System.Net.Sockets;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>
/// What is sent to a client: one message after the other, each whole, whoever sends it. A client
/// that does not take them at a pace loses its session.
/// </summary>
internal sealed class NbdOutput(Socket socket, NbdLimits limits, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly NbdDeadline _deadline = new(limits, time);

    /// <summary>Bytes sent so far.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Sends one message.</summary>
    /// <exception cref="NbdGoneException">The client went away, or is too slow.</exception>
    public async ValueTask SendAsync(
        ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await WriteAsync(message, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes the turn for a message that is sent piece by piece.</summary>
    public Task BeginAsync(CancellationToken cancellation) => _turn.WaitAsync(cancellation);

    /// <summary>Sends a piece of the message whose turn it is.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await using var ending = _deadline.Begin(bytes.Length, cancellation);
        try
        {
            while (!bytes.IsEmpty)
            {
                var count = await socket.SendAsync(bytes, SocketFlags.None, _deadline.Token);
                SentBytes += count;
                bytes = bytes[count..];
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            throw new NbdGoneException("the connection broke", error);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NbdGoneException("the client was too slow to take an answer");
        }
    }

    /// <summary>Gives the turn back.</summary>
    public void End() => _turn.Release();

    /// <inheritdoc/>
    public void Dispose()
    {
        _turn.Dispose();
        _deadline.Dispose();
    }
}
