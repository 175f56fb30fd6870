using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SnapshotFunctions.LocalTests.Http.Uploads;

/// <summary>A client that sends what it is told to, well-formed or not.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);

    public static async Task<RawClient> ConnectAsync(int port)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    /// <summary>The status of the answer.</summary>
    public async Task<int> StatusAsync()
    {
        var buffer = new byte[4096];
        var text = string.Empty;
        while (!text.Contains("\r\n", StringComparison.Ordinal))
        {
            var read = await _socket.ReceiveAsync(buffer);
            if (read == 0) return 0;
            text += Encoding.Latin1.GetString(buffer, 0, read);
        }
        return int.Parse(text.Split(' ')[1]);
    }

    public void Dispose() => _socket.Dispose();
}
