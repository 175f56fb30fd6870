using SnapshotFunctions.Local.Nbd;
using SnapshotFunctions.LocalTests.Serving;
using SnapshotFunctions.TestShared.Time;
using Xunit;

namespace SnapshotFunctions.LocalTests.Nbd;

/// <summary>Clients that break the rules lose their connection, and nobody else notices.</summary>
public sealed class HostileTests
{
    public static TheoryData<string, byte[]> Garbage { get; } = new()
    {
        { "unknown flags", RawNbd.Big(0xFF) },
        { "no magic number", [.. RawNbd.Big(3u), .. new byte[16]] },
        { "a huge option", [.. RawNbd.Big(3u), .. "IHAVEOPT"u8, .. RawNbd.Big(7u), .. RawNbd.Big(uint.MaxValue)] },
        { "a huge name", [.. RawNbd.Big(3u), .. "IHAVEOPT"u8, .. RawNbd.Big(1u), .. RawNbd.Big(1_000_000u)] },
        { "no newstyle", [.. RawNbd.Big(0u), .. "IHAVEOPT"u8, .. RawNbd.Big(7u), .. RawNbd.Big(0u)] },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task A_handshake_that_breaks_the_protocol_ends(string what, byte[] bytes)
    {
        await using var bench = new NbdBench();
        using var client = await bench.ConnectAsync();
        await client.ReadAsync(18);
        await client.SendAsync(bytes);
        Assert.True(await client.IsClosedAsync(), what);
        await WorksAsync(bench);
    }

    [Fact]
    public async Task Endless_options_end()
    {
        await using var bench = new NbdBench(limits: new NbdLimits { MostOptions = 20 });
        using var client = await bench.ConnectAsync();
        await client.HelloAsync();
        for (var i = 0; i < 20; i++) await client.OptionAsync(3, []);
        Assert.True(await client.IsClosedAsync());
        await WorksAsync(bench);
    }

    [Fact]
    public async Task Bad_requests_and_oversize_writes_end_the_session()
    {
        await using var bench = new NbdBench();
        using (var client = await bench.GoAsync())
        {
            await client.SendAsync(new byte[28]);
            Assert.True(await client.IsClosedAsync());
        }
        using (var client = await bench.GoAsync())
        {
            await client.RequestAsync(1, 1, 0, (32 << 20) + 1);
            Assert.True(await client.IsClosedAsync());
        }
        await WorksAsync(bench);
    }

    [Fact]
    public async Task Too_many_connections_are_closed_at_once_and_leave_room_again()
    {
        await using var bench = new NbdBench(limits: new NbdLimits { MostConnections = 3 });
        var clients = new List<RawNbd>();
        for (var i = 0; i < 3; i++) clients.Add(await bench.GoAsync());
        using (var more = await bench.ConnectAsync()) Assert.True(await more.IsClosedAsync());
        foreach (var client in clients) client.Dispose();
        await Waiting.UntilAsync(() => bench.Server.Connections == 0);
        await WorksAsync(bench);
    }

    [Fact]
    public async Task Half_open_handshakes_and_half_sent_requests_run_out_of_time()
    {
        var time = new ManualTimeProvider();
        await using var bench = new NbdBench(time: time);
        using var silent = await bench.ConnectAsync();
        using var half = await bench.GoAsync();
        await half.RequestAsync(1, 1, 0, 4096, payload: new byte[100]);
        using var idle = await bench.GoAsync();
        var closed = Task.WhenAll(silent.IsClosedAsync(), half.IsClosedAsync());
        while (!closed.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await Task.Yield();
        }
        Assert.All(await closed, Assert.True);
        // Who is between two requests may take all the time there is.
        Assert.Equal(
            bench.Export.Content[..100], (await idle.StructuredReadAsync(0, 100)).Content);
    }

    [Fact]
    public async Task A_flood_that_takes_no_answers_holds_no_more_than_its_part_and_is_cut_off()
    {
        var time = new ManualTimeProvider();
        await using var bench = new NbdBench(
            limits: new NbdLimits { ConnectionBytes = 1 << 20, PieceBytes = 256 << 10 }, time: time);
        using var flood = await bench.GoAsync();
        // More requests than the buffers of any socket take in, so that it must be cut off.
        var flooding = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; i < 10_000_000; i++) await flood.RequestAsync(0, 1, 0, 1 << 20);
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        });
        await Waiting.UntilAsync(() => bench.Server.PeakBytes > 512 << 10);
        Assert.InRange(bench.Server.HeldBytes, 0, 1 << 20);
        await WorksAsync(bench);
        while (!flooding.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }
        Assert.True(await flooding);
        Assert.InRange(bench.Server.PeakBytes, 1, (2 << 20) + 65536);
        await Waiting.UntilAsync(() => bench.Server.HeldBytes == 0);
        await WorksAsync(bench);
    }

    [Fact]
    public async Task Clients_that_vanish_at_any_byte_leave_nothing_behind()
    {
        await using var bench = new NbdBench();
        byte[] session =
        [
            .. RawNbd.Big(3u), .. "IHAVEOPT"u8, .. RawNbd.Big(7u), .. RawNbd.Big(11u),
            .. RawNbd.Name("disk0"), .. RawNbd.Big(0x25609513u), .. RawNbd.Big((ushort)0),
            .. RawNbd.Big((ushort)1), .. RawNbd.Big(1ul), .. RawNbd.Big(0ul), .. RawNbd.Big(40u),
            .. new byte[40],
        ];
        for (var length = 0; length <= session.Length; length++)
        {
            using var client = await bench.ConnectAsync();
            await client.SendAsync(session[..length]);
        }
        await Waiting.UntilAsync(
            () => bench.Server is { Connections: 0, HeldBytes: 0 });
        await WorksAsync(bench);
    }

    private static async Task WorksAsync(NbdBench bench)
    {
        using var client = await bench.GoAsync();
        var (content, _) = await client.StructuredReadAsync(1000, 5000);
        Assert.Equal(bench.Export.Content[1000..6000], content);
    }
}
