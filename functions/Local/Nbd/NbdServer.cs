using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Http.Disks;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>
/// Serves exports over TCP and Unix sockets to any number of clients, within its limits. Disposing
/// of it ends it: no new requests are read, what was asked is answered, sockets are removed.
/// </summary>
internal sealed class NbdServer : IAsyncDisposable
{
    private readonly INbdExports _exports;
    private readonly NbdLimits _limits;
    private readonly TimeProvider _time;
    private readonly NbdTrouble _trouble;
    private readonly ReadBudget _budget;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ended;
    private readonly List<Socket> _listeners = [];
    private readonly List<string> _paths = [];
    private readonly List<Task> _accepting = [];
    private readonly ConcurrentDictionary<long, Task> _connections = new();
    private long _lastConnection;

    /// <summary>A server that does not listen yet.</summary>
    public NbdServer(
        INbdExports exports, NbdLimits limits, TimeProvider time, ILogger logger)
    {
        (_exports, _limits, _time) = (exports, limits, time);
        _trouble = new NbdTrouble(logger, time);
        _budget = new ReadBudget(limits.BudgetBytes);
        _ended = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>Open connections.</summary>
    public int Connections => _connections.Count;

    /// <summary>The most bytes that requests held together.</summary>
    public long PeakBytes => _budget.PeakBytes;

    /// <summary>Bytes that requests hold now.</summary>
    public long HeldBytes => _budget.HeldBytes;

    /// <summary>Listens at an address; port 0 is any free one.</summary>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public IPEndPoint Listen(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        Listen(socket, address);
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>
    /// Listens at a path. A socket that nobody listens at any more is replaced; another file, or a
    /// socket that is answered, is left alone.
    /// </summary>
    /// <exception cref="SocketException">The path is taken, or cannot be had.</exception>
    public void Listen(string path)
    {
        if (File.Exists(path) && IsDeserted(path)) File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Listen(socket, new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _paths.Add(path);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        foreach (var listener in _listeners) listener.Dispose();
        foreach (var path in _paths) File.Delete(path);
        await Task.WhenAll(_accepting);
        _ended.CancelAfter(_limits.StopTime);
        await Task.WhenAll(_connections.Values);
        _ended.Dispose();
        _stopping.Dispose();
    }

    private static bool IsDeserted(string path)
    {
        using var probe = new Socket(
            AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException error)
        {
            // A plain file refuses too, as "not a socket": that one is somebody's.
            return error.SocketErrorCode == SocketError.ConnectionRefused
                && new FileInfo(path) is { Length: 0 };
        }
    }

    private void Listen(Socket socket, EndPoint address)
    {
        try
        {
            socket.Bind(address);
            socket.Listen(backlog: 64);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        _listeners.Add(socket);
        _accepting.Add(Task.Run(() => AcceptAsync(socket)));
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception error) when (
                error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                if (_stopping.IsCancellationRequested) return;
                // Out of descriptors, or a client that left while it was accepted.
                _trouble.TellGone("a client", error.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time, CancellationToken.None);
                continue;
            }
            if (_connections.Count >= _limits.MostConnections)
            {
                client.Dispose();
                continue;
            }
            var number = Interlocked.Increment(ref _lastConnection);
            var begin = new TaskCompletionSource(
                TaskCreationOptions.RunContinuationsAsynchronously);
            _connections[number] = ServeAsync(client, number, begin.Task);
            begin.SetResult();
        }
    }

    private async Task ServeAsync(Socket client, long number, Task begin)
    {
        await begin;
        var name = $"client {number}";
        try
        {
            using (client)
            {
                await ServeAsync(client);
                // What was sent last must arrive before the connection goes.
                client.Shutdown(SocketShutdown.Both);
            }
        }
        catch (NbdGoneException error)
        {
            _trouble.TellGone(name, error.Message);
        }
        catch (Exception error) when (
            error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            _trouble.TellGone(name, error.Message);
        }
#pragma warning disable CA1031 // One client's trouble must not end the server.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _trouble.Tell(name, default, error);
        }
        finally
        {
            _connections.TryRemove(number, out _);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        if (client.AddressFamily != AddressFamily.Unix)
        {
            client.NoDelay = true;
            client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }
        using var input = new NbdInput(client, _limits, _time);
        using var output = new NbdOutput(client, _limits, _time);
        NbdAgreed? agreed;
        using (var deadline = new CancellationTokenSource(_limits.HandshakeTime, _time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(
            deadline.Token, _stopping.Token))
        {
            agreed = await new NbdNegotiation(input, output, _exports, _limits)
                .RunAsync(either.Token);
        }
        if (agreed is null) return;
        var session = new NbdSession(
            agreed, input, new NbdReplies(output, agreed.IsStructured),
            new NbdBudget(_budget, _limits.ConnectionBytes), _limits, _trouble);
        await session.RunAsync(_stopping.Token, _ended.Token);
    }
}
