using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace SnapshotFunctions.LocalTests.Nbd;

/// <summary>An NBD client that says whatever it is told to, byte by byte.</summary>
internal sealed class RawNbd(NetworkStream stream) : IDisposable
{
    public static async Task<RawNbd> ConnectAsync(EndPoint address)
    {
        var socket = new Socket(
            address.AddressFamily, SocketType.Stream,
            address.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        return new RawNbd(new NetworkStream(socket, ownsSocket: true));
    }

    public Task SendAsync(params byte[] bytes) => stream.WriteAsync(bytes).AsTask();

    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    /// <summary>Whether the server has closed the connection, once it has sent what it will.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            var rest = new byte[4096];
            while (await stream.ReadAsync(rest) > 0)
            {
                // What was sent before the end.
            }
            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public async Task HelloAsync(uint flags = 3)
    {
        var hello = await ReadAsync(18);
        Assert.Equal("NBDMAGICIHAVEOPT", Encoding.ASCII.GetString(hello, 0, 16));
        Assert.Equal(3, hello[17]);
        await SendAsync(Big(flags));
    }

    public Task SendOptionAsync(uint option, byte[] data) =>
        SendAsync([.. "IHAVEOPT"u8, .. Big(option), .. Big((uint)data.Length), .. data]);

    /// <summary>Sends an option; answers all its replies up to the last one.</summary>
    public async Task<List<(uint Type, byte[] Data)>> OptionAsync(uint option, byte[] data)
    {
        await SendOptionAsync(option, data);
        var replies = new List<(uint, byte[])>();
        while (true)
        {
            var header = await ReadAsync(20);
            Assert.Equal(0x3e889045565a9ul, BinaryPrimitives.ReadUInt64BigEndian(header));
            Assert.Equal(option, BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8)));
            var type = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12));
            replies.Add((
                type,
                await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(16)))));
            if (type == 1 || type >= 0x80000000) return replies;
        }
    }

    public async Task AckedAsync(uint option, byte[] data) =>
        Assert.Equal(1u, Assert.Single(await OptionAsync(option, data)).Type);

    public async Task<uint> ErrorAsync(uint option, byte[] data) =>
        Assert.Single(await OptionAsync(option, data)).Type;

    public Task RequestAsync(
        ushort command, ulong cookie, ulong offset, uint length, ushort flags = 0,
        byte[]? payload = null) =>
        SendAsync(
            [
                .. Big(0x25609513), .. Big(flags), .. Big(command), .. Big(cookie), .. Big(offset),
                .. Big(length), .. payload ?? [],
            ]);

    /// <summary>A simple reply's cookie and error.</summary>
    public async Task<(ulong Cookie, uint Error)> SimpleAsync()
    {
        var reply = await ReadAsync(16);
        Assert.Equal(0x67446698u, BinaryPrimitives.ReadUInt32BigEndian(reply));
        return (
            BinaryPrimitives.ReadUInt64BigEndian(reply.AsSpan(8)),
            BinaryPrimitives.ReadUInt32BigEndian(reply.AsSpan(4)));
    }

    /// <summary>One chunk of a structured reply.</summary>
    public async Task<(bool IsLast, ushort Type, ulong Cookie, byte[] Data)> ChunkAsync()
    {
        var header = await ReadAsync(20);
        Assert.Equal(0x668e33efu, BinaryPrimitives.ReadUInt32BigEndian(header));
        return (
            header[5] == 1, BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(6)),
            BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8)),
            await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(16))));
    }

    /// <summary>The error of a request that fails, whichever way it is told.</summary>
    public async Task<uint> FailureAsync()
    {
        var (isLast, type, _, data) = await ChunkAsync();
        Assert.True(isLast);
        Assert.Equal(0x8001, type);
        return BinaryPrimitives.ReadUInt32BigEndian(data);
    }

    /// <summary>Reads a range through structured replies.</summary>
    public async Task<(byte[] Content, int Holes)> StructuredReadAsync(
        int offset, int length, ushort flags = 0)
    {
        await RequestAsync(0, 77, (ulong)offset, (uint)length, flags);
        var content = new byte[length];
        content.AsSpan().Fill(0xEE);
        for (var holes = 0; ;)
        {
            var (isLast, type, cookie, data) = await ChunkAsync();
            Assert.Equal(77ul, cookie);
            var at = (int)(BinaryPrimitives.ReadUInt64BigEndian(data) - (ulong)offset);
            if (type == 2)
            {
                content.AsSpan(at, BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(8))).Clear();
                holes++;
            }
            else
            {
                Assert.Equal(1, type);
                data.AsSpan(8).CopyTo(content.AsSpan(at));
            }
            if (isLast) return (content, holes);
        }
    }

    public static byte[] Name(string name, params ushort[] facts) =>
        [
            .. Big((uint)name.Length), .. Encoding.UTF8.GetBytes(name), .. Big((ushort)facts.Length),
            .. facts.SelectMany(Big),
        ];

    public static byte[] Query(string name, params string[] queries) =>
        [
            .. Big((uint)name.Length), .. Encoding.UTF8.GetBytes(name), .. Big((uint)queries.Length),
            .. queries.SelectMany(q =>
                (byte[])[.. Big((uint)q.Length), .. Encoding.UTF8.GetBytes(q)]),
        ];

    public static byte[] Big(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Big(uint value) => Big((ulong)value)[4..];

    public static byte[] Big(ushort value) => Big((ulong)value)[6..];

    public void Dispose() => stream.Dispose();
}
