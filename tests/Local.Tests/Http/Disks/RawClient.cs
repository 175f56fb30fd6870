using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>HTTP/1.1 by hand over a socket: sends what no client would, and hides nothing.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private Stream _stream = Stream.Null;

    public static async Task<RawAnswer> AskAsync(
        IPEndPoint address, string method, string path, params string[] headers)
    {
        using var client = new RawClient();
        await client.SendAsync(address, method, path, headers);
        return await client.ReadAsync(hasBody: method != "HEAD");
    }

    /// <param name="receiveBytes">How much the system takes in before the client reads.</param>
    public async Task SendAsync(
        IPEndPoint address, string method, string path, string[] headers, int receiveBytes = 0)
    {
        if (receiveBytes > 0) _client.ReceiveBufferSize = receiveBytes;
        await _client.ConnectAsync(address);
        _stream = _client.GetStream();
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: {address}\r\n");
        foreach (var header in headers) text.Append(header).Append("\r\n");
        text.Append("Connection: close\r\nContent-Length: 0\r\n\r\n");
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(text.ToString()));
    }

    /// <summary>Reads the answer to its end, or to where it was cut.</summary>
    public async Task<RawAnswer> ReadAsync(bool hasBody = true)
    {
        var (status, headers) = await ReadHeadAsync();
        var body = new MemoryStream();
        var cut = false;
        try
        {
            await _stream.CopyToAsync(body);
        }
        catch (IOException)
        {
            cut = true;
        }
        var length = headers
            .Where(h => string.Equals(h.Key, "Content-Length", StringComparison.OrdinalIgnoreCase))
            .Select(h => long.Parse(h.Value, CultureInfo.InvariantCulture)).SingleOrDefault(-1);
        cut |= hasBody && length >= 0 && body.Length != length;
        return new RawAnswer(status, headers, body.ToArray(), cut);
    }

    /// <summary>Reads the status line and the headers, and no further.</summary>
    public async Task<(int Status, List<KeyValuePair<string, string>> Headers)> ReadHeadAsync()
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _stream.ReadAsync(one) == 0)
                throw new IOException($"The answer ended in its head: '{text}'.");
            text.Append((char)one[0]);
        }
        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => l.Split(':', 2))
            .Select(p => KeyValuePair.Create(p[0], p[1].Trim())).ToList();
        return (int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers);
    }

    public void Dispose() => _client.Dispose();
}
