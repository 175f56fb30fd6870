using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http;
using SnapshotFunctions.LocalTests.Serving;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>Clients that are slow, that go away, and versions and bytes that go away under them.</summary>
public sealed class ClientTests
{
    private static readonly Layout Sizes = new(4096, 65536, 8, 1 << 20, 4 << 20);

    private static readonly ApiOptions Options = new()
    {
        PieceBytes = 1 << 20, ReadBudgetBytes = 2 << 20,
    };

    [Fact]
    public async Task A_client_that_takes_nothing_holds_one_piece_until_it_is_cut_off()
    {
        var time = new ManualTimeProvider();
        await using var server = await DiskServer.StartAsync([Noise(1, 24 << 20)], Sizes, Options, time);
        using var slow = new RawClient();
        await slow.SendAsync(server.Address, "GET", DiskServer.Path(1), [], receiveBytes: 4096);
        await slow.ReadHeadAsync();
        var reads = server.Services.Reads;
        var held = await SettledAsync(() => reads.HeldBytes);
        Assert.Equal(Options.PieceBytes, held);

        // Another one is served meanwhile.
        var other = await server.GetAsync(DiskServer.Path(1), "Range: bytes=0-3000000");
        Assert.Equal(server.Versions[1][..3_000_001], other.Body);

        var allowed = Options.SendGrace
            + TimeSpan.FromSeconds((double)Options.PieceBytes / Options.SlowestBytesPerSecond);
        time.Advance(allowed - TimeSpan.FromSeconds(1));
        Assert.Equal(held, await SettledAsync(() => reads.HeldBytes));
        time.Advance(TimeSpan.FromSeconds(2));
        await Waiting.UntilAsync(() => reads.HeldBytes == 0);
        Assert.InRange(reads.PeakBytes, 1, Options.ReadBudgetBytes);
    }

    [Fact]
    public async Task A_client_that_goes_away_gives_its_share_back_at_once()
    {
        await using var server = await DiskServer.StartAsync(
            [Noise(2, 24 << 20)], Sizes, Options, new ManualTimeProvider());
        var reads = server.Services.Reads;
        for (var round = 0; round < 3; round++)
        {
            var clients = new List<RawClient>();
            for (var i = 0; i < 5; i++)
            {
                var client = new RawClient();
                await client.SendAsync(
                    server.Address, "GET", DiskServer.Path(1), [], receiveBytes: 4096);
                clients.Add(client);
            }
            // Two hold all there is, and the others wait.
            await Waiting.UntilAsync(() => reads.HeldBytes == Options.ReadBudgetBytes && reads.Waiting == 3);
            foreach (var client in clients) client.Dispose();
            await Waiting.UntilAsync(() => reads is { HeldBytes: 0, Waiting: 0 });
        }
        Assert.InRange(reads.PeakBytes, 1, Options.ReadBudgetBytes);
    }

    [Fact]
    public async Task Zeros_are_sent_without_a_share_of_the_budget()
    {
        var content = new byte[9 << 20];
        content[^1] = 1;
        await using var server = await DiskServer.StartAsync([content], Sizes, Options);
        var all = await server.GetAsync(DiskServer.Path(1), $"Range: bytes=0-{content.Length - 65537}");
        Assert.Equal(content.Length - 65536, all.Body.Length);
        Assert.DoesNotContain(all.Body, b => b != 0);
        Assert.Equal(0, server.Services.Reads.PeakBytes);
        Assert.Equal(content, (await server.GetAsync(DiskServer.Path(1))).Body);
        Assert.InRange(server.Services.Reads.PeakBytes, 1, Options.PieceBytes);
    }

    [Fact]
    public async Task No_piece_reads_more_than_its_blocks_and_none_twice()
    {
        await using var server = await DiskServer.StartAsync([Noise(3, 6 << 20)], Sizes, Options);
        await server.GetAsync(DiskServer.Path(1), "Range: bytes=0-0");
        var store = (SimulatedStore)server.Base;
        var before = store.Counters.Bytes(StoreOperationKind.Read);
        await server.GetAsync(DiskServer.Path(1), "Range: bytes=4194404-4994404");
        var read = store.Counters.Bytes(StoreOperationKind.Read) - before;
        // Fourteen blocks that do not compress, the second shard's footer and a page or two.
        Assert.InRange(read, 13 * 65536, (15 * 65536) + (64 << 10));
    }

    [Fact]
    public async Task Damage_met_midway_cuts_the_answer_off()
    {
        await using var server = await DiskServer.StartAsync([Noise(4, 8 << 20)], Sizes, Options);
        var store = (SimulatedStore)server.Base;
        store.FlipByte("machines/vm/disks/disk0/000001/base", 3_000_000);
        var answer = await server.GetAsync(DiskServer.Path(1));
        Assert.True(answer.IsCut);
        Assert.Equal((200, 8 << 20), (answer.Status, (int)answer.ContentLength!));
        // A reset connection drops what was sent and not read yet: how much came is the network's.
        Assert.InRange(answer.Body.Length, 0, (8 << 20) - 1);
        Assert.True(
            answer.Body.AsSpan().SequenceEqual(server.Versions[1].AsSpan(0, answer.Body.Length)));
        await Waiting.UntilAsync(() => server.Services.Reads.HeldBytes == 0);
        var first = await server.GetAsync(DiskServer.Path(1), "Range: bytes=7194304-7195000");
        Assert.Equal((500, "corrupt-object"), (first.Status, first.Json.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_version_that_was_taken_back_is_gone_when_the_view_is_no_longer_fresh()
    {
        var time = new ManualTimeProvider();
        await using var server = await DiskServer.StartAsync(
            [Noise(5, 100_000), Noise(6, 100_000)], Sizes, Options, time);
        Assert.Equal(200, (await server.GetAsync(DiskServer.Path(2))).Status);
        var second = server.Versions[2];
        await server.UndoAsync();
        Assert.Equal(server.Versions[1], (await server.GetAsync(DiskServer.Path("latest"))).Body);
        time.Advance(Options.ViewFreshFor + TimeSpan.FromMilliseconds(1));
        Assert.Equal(404, (await server.GetAsync(DiskServer.Path(2))).Status);
        // And one that came a moment ago is there at once.
        Assert.Equal(3, await server.AddAsync(second));
        Assert.Equal(second, (await server.GetAsync(DiskServer.Path(3))).Body);
    }

    [Fact]
    public async Task Only_so_many_views_are_kept()
    {
        var few = Options with { OpenViews = 2 };
        await using var server = await DiskServer.StartAsync(
            [.. Enumerable.Range(1, 5).Select(i => Noise(i, 70_000))], Sizes, few);
        for (var round = 0; round < 2; round++)
            foreach (var (version, content) in server.Versions)
                Assert.Equal(content, (await server.GetAsync(DiskServer.Path(version))).Body);
    }

    internal static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A value once it has stood for a while: what is held while nothing moves.</summary>
    private static async Task<long> SettledAsync(Func<long> value)
    {
        var (last, same) = (value(), 0);
        while (same < 20)
        {
            await Task.Delay(10);
            var now = value();
            same = now == last ? same + 1 : 0;
            last = now;
        }
        return last;
    }
}
