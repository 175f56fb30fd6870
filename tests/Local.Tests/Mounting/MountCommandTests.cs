using System.Net.Sockets;
using System.Text.Json;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.Local.Rendering;
using SnapshotFunctions.LocalTests.Commands;
using SnapshotFunctions.LocalTests.Nbd;
using Xunit;

namespace SnapshotFunctions.LocalTests.Mounting;

/// <summary>Mounts as processes: pins, kills, commits and discards.</summary>
public sealed class MountCommandTests : IDisposable
{
    private readonly CommandBench _bench = new();

    [Fact]
    public async Task A_read_only_mount_pins_its_version_and_leaves_nothing()
    {
        await _bench.IngestDemoAsync("web", 2);
        await using (var mount = await MountProcess.StartAsync(_bench, "web", "1"))
        {
            Assert.Equal($"mount:{mount.Id}", await PinAsync());
            using (var client = await GoAsync())
                Assert.Equal(512, (await client.StructuredReadAsync(0, 512)).Content.Length);
            Assert.Equal(ExitCodes.Ok, await mount.StopAsync());
        }
        Assert.Null(await PinAsync());
        Assert.False(File.Exists(_bench["n.sock"]));
        Assert.Equal(0, (await MountsAsync()).GetArrayLength());
    }

    [Fact]
    public async Task The_pin_of_a_killed_mount_is_found_and_removed()
    {
        await _bench.IngestDemoAsync("web", 1);
        await using (var mount = await MountProcess.StartAsync(_bench, "web", "newest"))
            await mount.KillAsync();
        Assert.NotNull(await PinAsync());
        Assert.Equal(0, (await MountsAsync()).GetArrayLength());
        Assert.Null(await PinAsync());
    }

    [Fact]
    public async Task What_was_written_survives_a_kill_and_becomes_the_next_version()
    {
        await _bench.IngestDemoAsync("web", 2);
        var before = await _bench.HashAsync("web", "2", 256 << 20);
        string id;
        var payload = new byte[300_000];
        new Random(5).NextBytes(payload);
        await using (var mount = await MountProcess.StartAsync(_bench, "web", "2", "--writable"))
        {
            id = mount.Id;
            using var client = await GoAsync();
            await client.RequestAsync(1, 1, 1_000_001, (uint)payload.Length, 1, payload);
            Assert.Equal((1ul, 0u), await client.SimpleAsync());
            await client.RequestAsync(4, 1, 0, 1 << 20, 1);
            Assert.Equal((1ul, 0u), await client.SimpleAsync());
            // What was trimmed reads as zeros from then on.
            payload.AsSpan(0, (1 << 20) - 1_000_001).Clear();
            Assert.Equal(
                ExitCodes.Refused, (await _bench.RunAsync("mount", "commit", id)).Exit);
            await mount.KillAsync();
        }
        var left = (await MountsAsync())[0];
        Assert.Equal(id, left.GetProperty("id").GetString());
        Assert.False(left.GetProperty("isServed").GetBoolean());
        await using (var mount = await MountProcess.StartAsync(_bench, "--resume", id))
        {
            using var client = await GoAsync();
            Assert.Equal(payload, (await client.StructuredReadAsync(1_000_001, payload.Length)).Content);
            Assert.Equal(ExitCodes.Ok, await mount.StopAsync());
        }
        Assert.Equal(before, await _bench.HashAsync("web", "2", 256 << 20));
        Assert.Equal(
            3, (await _bench.JsonAsync("mount", "commit", id)).GetProperty("version").GetInt32());
        var read = await _bench.OkAsync(
            "read", "web", "3", "--offset", "1000001", "--length", $"{payload.Length}");
        Assert.Equal(payload, read.Output);
        Assert.Equal(before, await _bench.HashAsync("web", "2", 256 << 20));
        await _bench.OkAsync("verify", "web", "--full");
        Assert.Equal(0, (await MountsAsync()).GetArrayLength());
        Assert.Null(await PinAsync());
    }

    [Fact]
    public async Task An_older_version_is_not_committed_and_what_was_written_stays_until_it_is_dropped()
    {
        await _bench.IngestDemoAsync("web", 2);
        string id;
        await using (var mount = await MountProcess.StartAsync(_bench, "web", "1", "--writable"))
        {
            id = mount.Id;
            Assert.Equal(ExitCodes.Ok, await mount.StopAsync());
        }
        var refused = await _bench.RunAsync("mount", "commit", id, "--json");
        Assert.Equal(ExitCodes.Refused, refused.Exit);
        Assert.Equal(
            "refused-mount-not-newest",
            refused.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(1, (await MountsAsync()).GetArrayLength());
        await _bench.OkAsync("mount", "discard", id);
        Assert.Equal(0, (await MountsAsync()).GetArrayLength());
        Assert.Null(await PinAsync());
        Assert.Equal(
            ExitCodes.NotFound, (await _bench.RunAsync("mount", "discard", id)).Exit);
    }

    [Fact]
    public async Task What_was_written_over_an_older_version_becomes_a_version_of_a_clone()
    {
        await _bench.IngestDemoAsync("web", 2);
        string id;
        var payload = new byte[20_000];
        new Random(6).NextBytes(payload);
        await using (var mount = await MountProcess.StartAsync(_bench, "web", "1", "--writable"))
        {
            id = mount.Id;
            using var client = await GoAsync();
            await client.RequestAsync(1, 1, 2_000_000, (uint)payload.Length, 1, payload);
            Assert.Equal((1ul, 0u), await client.SimpleAsync());
            Assert.Equal(ExitCodes.Ok, await mount.StopAsync());
        }
        var committed = await _bench.JsonAsync("mount", "commit", id, "--to", "test");
        Assert.Equal("test", committed.GetProperty("machine").GetString());
        Assert.Equal(2, committed.GetProperty("version").GetInt32());
        var read = await _bench.OkAsync(
            "read", "test", "2", "--offset", "2000000", "--length", $"{payload.Length}");
        Assert.Equal(payload, read.Output);
        var first = await _bench.HashAsync("web", "1", 256 << 20);
        Assert.Equal(first, await _bench.HashAsync("test", "1", 256 << 20));
        await _bench.OkAsync("verify", "test", "--full");
        Assert.Equal(0, (await MountsAsync()).GetArrayLength());
        Assert.StartsWith("clone:test:", await PinAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mount")]
    [InlineData("mount", "web")]
    [InlineData("mount", "web", "zero")]
    [InlineData("mount", "web", "1", "--resume", "x")]
    [InlineData("mount", "web", "1", "--bind", "nowhere")]
    public async Task A_command_line_that_makes_no_sense_is_refused(params string[] arguments) =>
        Assert.Equal(ExitCodes.Usage, (await _bench.RunAsync(arguments)).Exit);

    public void Dispose() => _bench.Dispose();

    private async Task<RawNbd> GoAsync()
    {
        var client = await RawNbd.ConnectAsync(new UnixDomainSocketEndPoint(_bench["n.sock"]));
        await client.HelloAsync();
        await client.AckedAsync(8, []);
        await client.OptionAsync(7, RawNbd.Name("disk0"));
        return client;
    }

    private async Task<JsonElement> MountsAsync() =>
        (await _bench.JsonAsync("mounts")).GetProperty("mounts");

    private async Task<string?> PinAsync()
    {
        var session = new CommandSession(
            new HostConsole(Stream.Null, TextWriter.Null), _bench.Store, false, TimeSpan.Zero,
            TimeProvider.System);
        using var engine = await session.OpenAsync(create: false, default);
        var manifest = await engine.Manifests.LoadAsync("web");
        return manifest.Head.Pins is [var pin] ? pin.Owner : null;
    }
}
