using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using SnapshotFunctions.LocalTests.Oracle;
using Xunit;

namespace SnapshotFunctions.LocalTests.Nbd;

/// <summary>The handshake, byte by byte.</summary>
public sealed class HandshakeTests
{
    private const uint Unsupported = 0x80000001;
    private const uint Invalid = 0x80000003;
    private const uint Unknown = 0x80000006;
    private const uint TooBig = 0x80000009;

    [Theory]
    [InlineData(3, 10)]
    [InlineData(1, 134)]
    [InlineData(0, 134)]
    public async Task An_old_client_names_its_export(uint flags, int answerBytes)
    {
        await using var bench = new NbdBench(isWritable: false);
        using var client = await bench.ConnectAsync();
        await client.HelloAsync(flags);
        await client.SendOptionAsync(1, Encoding.ASCII.GetBytes("disk0"));
        var answer = await client.ReadAsync(answerBytes);
        Assert.Equal(3 << 20, BinaryPrimitives.ReadInt64BigEndian(answer));
        Assert.Equal(1 | 2 | 4 | 256 | 1024, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(8)));
        await client.RequestAsync(0, 5, 100, 50);
        Assert.Equal((5ul, 0u), await client.SimpleAsync());
        Assert.Equal(bench.Export.Content[100..150], await client.ReadAsync(50));
    }

    [Fact]
    public async Task An_export_that_is_not_there_ends_an_old_client()
    {
        await using var bench = new NbdBench();
        using var client = await bench.ConnectAsync();
        await client.HelloAsync();
        await client.SendOptionAsync(1, "nothing"u8.ToArray());
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Options_are_answered_one_by_one_and_unknown_ones_refused()
    {
        await using var bench = new NbdBench();
        using var client = await bench.ConnectAsync();
        await client.HelloAsync();
        Assert.Equal(Unsupported, await client.ErrorAsync(5, []));
        Assert.Equal(Unsupported, await client.ErrorAsync(11, []));
        Assert.Equal(Unsupported, await client.ErrorAsync(4711, new byte[100]));
        Assert.Equal(Invalid, await client.ErrorAsync(3, [1]));
        Assert.Equal(Invalid, await client.ErrorAsync(8, [1]));
        Assert.Equal(Invalid, await client.ErrorAsync(7, []));
        Assert.Equal(Invalid, await client.ErrorAsync(7, [0, 0, 0, 200, 65, 0, 0]));
        Assert.Equal(Invalid, await client.ErrorAsync(7, [.. RawNbd.Name("disk0"), 0]));
        Assert.Equal(Invalid, await client.ErrorAsync(7, [0, 0, 0, 1, 0xFF, 0, 0]));
        Assert.Equal(Unknown, await client.ErrorAsync(6, RawNbd.Name("nothing")));
        Assert.Equal(TooBig, await client.ErrorAsync(7, new byte[100_000]));
        var list = await client.OptionAsync(3, []);
        Assert.Equal([2u, 1u], list.Select(r => r.Type));
        Assert.Equal("disk0", Encoding.ASCII.GetString(list[0].Data, 4, 5));
        await client.AckedAsync(2, []);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Facts_are_told_as_asked()
    {
        await using var bench = new NbdBench();
        using var client = await bench.ConnectAsync();
        await client.HelloAsync();
        var replies = await client.OptionAsync(6, RawNbd.Name("disk0", 1, 2, 3, 3, 99));
        Assert.Equal([3u, 3u, 3u, 3u, 1u], replies.Select(r => r.Type));
        Assert.Equal(1 | 4 | 8 | 32 | 64 | 256 | 1024 | 2048, BinaryPrimitives.ReadUInt16BigEndian(
            replies[0].Data.AsSpan(10)));
        Assert.Equal("disk0", Encoding.ASCII.GetString(replies[1].Data[2..]));
        Assert.Equal("a disk in memory", Encoding.ASCII.GetString(replies[2].Data[2..]));
        Assert.Equal(
            [.. RawNbd.Big((ushort)3), .. RawNbd.Big(1u), .. RawNbd.Big(4096u), .. RawNbd.Big(32u << 20)],
            replies[3].Data);
    }

    [Fact]
    public async Task Contexts_need_structured_replies_and_hold_for_one_export()
    {
        await using var bench = new NbdBench();
        using var client = await bench.ConnectAsync();
        await client.HelloAsync();
        Assert.Equal(Invalid, await client.ErrorAsync(10, RawNbd.Query("disk0", "base:allocation")));
        await client.AckedAsync(8, []);
        Assert.Equal(Invalid, await client.ErrorAsync(10, [.. RawNbd.Query("disk0"), 1]));
        Assert.Equal(
            Invalid, await client.ErrorAsync(9, [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]));
        Assert.Equal(Unknown, await client.ErrorAsync(9, RawNbd.Query("nothing")));
        Assert.Equal(2, (await client.OptionAsync(9, RawNbd.Query("disk0"))).Count);
        Assert.Equal(2, (await client.OptionAsync(9, RawNbd.Query("disk0", "base:"))).Count);
        Assert.Single(await client.OptionAsync(9, RawNbd.Query("disk0", "qemu:")));
        Assert.Equal(
            2, (await client.OptionAsync(10, RawNbd.Query("disk0", "x:y", "base:allocation"))).Count);
        // Begun under another name of the same disk: what was chosen does not hold there.
        await client.OptionAsync(7, RawNbd.Name(string.Empty));
        await client.RequestAsync(7, 1, 0, 4096);
        Assert.Equal(22u, await client.FailureAsync());
    }

    [Fact]
    public async Task A_unix_socket_is_for_its_user_and_goes_with_the_server()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["file"], "a plain file");
        var path = folder["a.sock"];
        await using (var bench = new NbdBench())
        {
            bench.Server.Listen(path);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    File.GetUnixFileMode(path) & (UnixFileMode)0b111_111_111);
            }
            using var client = await RawNbd.ConnectAsync(new UnixDomainSocketEndPoint(path));
            await client.HelloAsync();
            await using var other = new NbdBench();
            Assert.Throws<SocketException>(() => other.Server.Listen(path));
            Assert.Throws<SocketException>(() => other.Server.Listen(folder["file"]));
        }
        Assert.False(File.Exists(path));
        Assert.Equal("a plain file", await File.ReadAllTextAsync(folder["file"]));
        // What a killed process left is taken over.
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            left.Bind(new UnixDomainSocketEndPoint(path));
        await using var next = new NbdBench();
        next.Server.Listen(path);
    }
}
