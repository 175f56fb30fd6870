using System.Buffers.Binary;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.LocalTests.Nbd;

/// <summary>Requests after the handshake, byte by byte.</summary>
public sealed class RequestTests
{
    private const int Third = 1 << 20;

    [Theory]
    [InlineData(0, 3 << 20)]
    [InlineData(1000, 2_500_000)]
    [InlineData(Third - 10, 20)]
    [InlineData(Third + 4096, 8192)]
    [InlineData(5, 1)]
    public async Task Reads_give_the_disk_and_tell_holes(int offset, int length)
    {
        await using var bench = new NbdBench();
        using var client = await bench.GoAsync();
        var expected = bench.Export.Content[offset..(offset + length)];
        var (content, holes) = await client.StructuredReadAsync(offset, length);
        Assert.Equal(expected, content);
        Assert.Equal(offset + length >= Third + 4096 && offset < 2 * Third, holes > 0);
        using var old = await bench.GoAsync(structured: false);
        await old.RequestAsync(0, 3, (ulong)offset, (uint)length);
        Assert.Equal((3ul, 0u), await old.SimpleAsync());
        Assert.Equal(expected, await old.ReadAsync(length));
    }

    [Fact]
    public async Task A_read_that_must_not_be_cut_comes_in_one_chunk()
    {
        await using var bench = new NbdBench();
        using var client = await bench.GoAsync();
        await client.RequestAsync(0, 1, Third - 4096, 65536, flags: 4);
        var (isLast, type, _, data) = await client.ChunkAsync();
        Assert.True(isLast && type == 1);
        Assert.Equal(65536 + 8, data.Length);
        await client.RequestAsync(0, 1, 0, 2 << 20, flags: 4);
        Assert.Equal(75u, await client.FailureAsync());
    }

    [Fact]
    public async Task What_was_asked_later_may_be_answered_first()
    {
        await using var bench = new NbdBench();
        using var client = await bench.GoAsync(structured: false);
        var held = new TaskCompletionSource();
        bench.Export.Hold = (512, held.Task);
        await client.RequestAsync(0, 1, 512, 10);
        await client.RequestAsync(0, 2, 1024, 10);
        Assert.Equal(2ul, (await client.SimpleAsync()).Cookie);
        await client.ReadAsync(10);
        held.SetResult();
        Assert.Equal(1ul, (await client.SimpleAsync()).Cookie);
    }

    [Fact]
    public async Task What_was_asked_before_the_end_is_answered()
    {
        await using var bench = new NbdBench();
        using var client = await bench.GoAsync(structured: false);
        var held = new TaskCompletionSource();
        bench.Export.Hold = (512, held.Task);
        await client.RequestAsync(0, 1, 512, 10);
        await client.RequestAsync(2, 0, 0, 0);
        held.SetResult();
        Assert.Equal((1ul, 0u), await client.SimpleAsync());
        await client.ReadAsync(10);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task What_is_under_way_is_answered_when_the_server_ends()
    {
        var bench = new NbdBench();
        using var client = await bench.GoAsync(structured: false);
        var held = new TaskCompletionSource();
        bench.Export.Hold = (512, held.Task);
        await client.RequestAsync(0, 1, 512, 10);
        await client.RequestAsync(0, 2, 1024, 1);
        Assert.Equal(2ul, (await client.SimpleAsync()).Cookie);
        await client.ReadAsync(1);
        var ending = bench.DisposeAsync().AsTask();
        Assert.False(ending.IsCompleted);
        held.SetResult();
        Assert.Equal((1ul, 0u), await client.SimpleAsync());
        await client.ReadAsync(10);
        Assert.True(await client.IsClosedAsync());
        await ending;
        Assert.Equal(0, bench.Server.Connections);
    }

    [Fact]
    public async Task Writes_of_any_length_zeros_trims_and_flushes_reach_the_disk()
    {
        await using var bench = new NbdBench();
        using var client = await bench.GoAsync();
        var expected = bench.Export.Content.ToArray();
        var random = new Random(4);
        foreach (var length in new[] { 1, 4096, 1 << 20, (1 << 20) + 1, 2_900_000 })
        {
            var payload = new byte[length];
            random.NextBytes(payload);
            var offset = random.Next(expected.Length - length);
            payload.CopyTo(expected, offset);
            await client.RequestAsync(1, 9, (ulong)offset, (uint)length, payload: payload);
            Assert.Equal((9ul, 0u), await client.SimpleAsync());
        }
        Assert.Equal(0, bench.Export.Flushes);
        await client.RequestAsync(1, 9, 0, 3, flags: 1, payload: [1, 2, 3]);
        Assert.Equal((9ul, 0u), await client.SimpleAsync());
        Assert.Equal(1, bench.Export.Flushes);
        expected[0] = 1;
        expected[1] = 2;
        expected[2] = 3;
        await client.RequestAsync(6, 9, 5000, 9000);
        Assert.Equal((9ul, 0u), await client.SimpleAsync());
        await client.RequestAsync(6, 9, 20_000, 100, flags: 16);
        Assert.Equal((9ul, 0u), await client.SimpleAsync());
        await client.RequestAsync(4, 9, 40_000, 4096);
        Assert.Equal((9ul, 0u), await client.SimpleAsync());
        expected.AsSpan(5000, 9000).Clear();
        expected.AsSpan(20_000, 100).Clear();
        expected.AsSpan(40_000, 4096).Clear();
        await client.RequestAsync(3, 9, 0, 0);
        Assert.Equal((9ul, 0u), await client.SimpleAsync());
        Assert.Equal(2, bench.Export.Flushes);
        await client.RequestAsync(5, 9, 0, 4096);
        Assert.Equal((9ul, 0u), await client.SimpleAsync());
        Assert.Equal(1, bench.Export.Prefetches);
        Assert.Equal(expected, bench.Export.Content);
    }

    [Fact]
    public async Task Block_status_tells_extents_or_one_alone()
    {
        await using var bench = new NbdBench();
        using var client = await bench.GoAsync();
        await client.RequestAsync(7, 1, 0, 3 << 20);
        var (isLast, type, _, data) = await client.ChunkAsync();
        Assert.True(isLast && type == 5);
        Assert.Equal(
            [1u, Third, 0u, Third, 3u, Third, 0u],
            Enumerable.Range(0, data.Length / 4)
                .Select(i => BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(i * 4))));
        await client.RequestAsync(7, 1, Third - 5, 3 << 10, flags: 8);
        (_, _, _, data) = await client.ChunkAsync();
        Assert.Equal(
            [1u, 5u, 0u],
            Enumerable.Range(0, data.Length / 4)
                .Select(i => BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(i * 4))));
    }

    [Fact]
    public async Task Requests_that_make_no_sense_fail_and_the_session_goes_on()
    {
        await using var bench = new NbdBench();
        using var client = await bench.GoAsync();
        await FailsAsync(22, 0, 3 << 20, 1);
        await FailsAsync(22, 0, ulong.MaxValue, 2);
        await FailsAsync(22, 0, 0, uint.MaxValue);
        await FailsAsync(22, 0, 0, 0);
        await FailsAsync(22, 0, 0, 1, flags: 0x8000);
        await FailsAsync(22, 4711, 0, 1);
        await FailsAsync(22, 4, 3 << 20, 1);
        await FailsAsync(28, 6, 3 << 20, 1);
        await FailsAsync(95, 6, 0, 4096, flags: 2 | 16);
        await FailsAsync(28, 1, (3 << 20) - 1, 2, payload: [1, 2]);
        await FailsAsync(22, 1, 0, 2, flags: 4, payload: [1, 2]);
        bench.Export.Fault = new ObjectArchivedException("d.dat", rehydrating: false);
        await FailsAsync(5, 0, 0, 4096);
        await FailsAsync(5, 0, 0, 2 << 20);
        bench.Export.Fault = new IOException("no space left on device", 28);
        await FailsAsync(28, 1, 0, 2, payload: [1, 2]);
        await FailsAsync(28, 1, 0, 2_000_000, payload: new byte[2_000_000]);
        bench.Export.Fault = null;
        Assert.Equal(
            bench.Export.Content, (await client.StructuredReadAsync(0, 3 << 20)).Content);

        async Task FailsAsync(
            uint error, ushort command, ulong offset, uint length, ushort flags = 0,
            byte[]? payload = null)
        {
            await client.RequestAsync(command, 1, offset, length, flags, payload);
            Assert.Equal(error, await client.FailureAsync());
        }
    }

    [Fact]
    public async Task Nothing_can_be_written_to_a_read_only_disk()
    {
        await using var bench = new NbdBench(isWritable: false);
        using var client = await bench.GoAsync();
        var before = bench.Export.Content.ToArray();
        foreach (var command in new ushort[] { 1, 4, 6 })
        {
            await client.RequestAsync(
                command, 1, 0, 5, payload: command == 1 ? [1, 2, 3, 4, 5] : null);
            Assert.Equal(1u, await client.FailureAsync());
        }
        await client.RequestAsync(3, 9, 0, 0);
        Assert.Equal((9ul, 0u), await client.SimpleAsync());
        Assert.Equal(before, bench.Export.Content);
    }
}
