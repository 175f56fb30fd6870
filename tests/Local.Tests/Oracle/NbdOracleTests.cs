using SnapshotFunctions.LocalTests.Commands;
using SnapshotFunctions.LocalTests.Mounting;
using Xunit;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>Mounts in the eyes of QEMU, libnbd and fio.</summary>
[Trait("Category", "Oracle")]
public sealed class NbdOracleTests : IDisposable
{
    private readonly CommandBench _bench = new();

    [Fact]
    public async Task Every_version_of_the_demo_is_what_qemu_says_it_is()
    {
        await _bench.IngestDemoAsync("web", 5);
        for (var version = 1; version <= 5; version++)
        {
            await using var mount = await MountProcess.StartAsync(_bench, "web", $"{version}");
            await OutsideTool.RunAsync("nbdcopy", mount.Uri, _bench[$"v{version}.raw"]);
            Assert.Equal(
                await _bench.HashAsync("web", $"{version}", 256 << 20),
                Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
                    await File.ReadAllBytesAsync(_bench[$"v{version}.raw"]))));
            await OutsideTool.RunAsync(
                "qemu-img", "compare", "-f", "raw", "-F", "raw", _bench[$"v{version}.raw"],
                mount.Uri);
            var map = await OutsideTool.RunAsync("nbdinfo", "--map", "--totals", mount.Uri);
            Assert.Contains("hole,zero", map, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_qemu_io_and_libnbd_write_is_what_they_read()
    {
        await _bench.IngestDemoAsync("web", 1);
        await using var mount = await MountProcess.StartAsync(_bench, "web", "1", "--writable");
        await OutsideTool.RunAsync(
            "qemu-io", "-f", "raw", "-c", "write -P 7 1M 3M", "-c", "write -z -u 2M 64k",
            "-c", "write -z 3M 64k", "-c", "discard 8M 16M", "-c", "write -f -P 9 100 10",
            "-c", "flush", "-c", "read -P 7 1M 1M", "-c", "read -P 0 2M 64k",
            "-c", "read -P 0 3M 64k", "-c", "read -P 0 8M 16M", "-c", "read -P 9 100 10",
            mount.Uri);
        var map = await OutsideTool.RunAsync("nbdinfo", "--map", mount.Uri);
        Assert.Contains("2097152       65536    3", map, StringComparison.Ordinal);
        await OutsideTool.RunAsync(
            // What nbdsh starts, but the system's own Python, which has the module.
            "/usr/bin/python3", "-mnbd", "-u", mount.Uri, "-c",
            "h.pwrite(b'x' * 4096, 65536, nbd.CMD_FLAG_FUA); h.zero(512, 65536 + 512);"
            + "h.trim(1 << 20, 32 << 20); h.flush();"
            + "assert h.pread(512, 65536) == b'x' * 512;"
            + "assert h.pread(512, 65536 + 512) == bytes(512);"
            + "assert h.can_multi_conn() and h.can_fast_zero()");
        await OutsideTool.RunAsync(
            "fio", "--name=a", "--ioengine=nbd", $"--uri={mount.Uri}", "--rw=randrw", "--bs=4k",
            "--size=16M", "--iodepth=16", "--verify=crc32c", "--verify_state_save=0",
            "--randseed=7");
        await OutsideTool.RunAsync("nbdcopy", mount.Uri, _bench["a.raw"]);
        await OutsideTool.RunAsync(
            "qemu-img", "compare", "-f", "raw", "-F", "raw", _bench["a.raw"], mount.Uri);
    }

    [Fact]
    public async Task Clients_beside_bases_that_move_see_no_wrong_byte()
    {
        await _bench.IngestDemoAsync("web", 4);
        await using var mount = await MountProcess.StartAsync(_bench, "web", "2");
        await OutsideTool.RunAsync("nbdcopy", mount.Uri, _bench["first.raw"]);
        var clients = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 3; round++)
                await OutsideTool.RunAsync(
                    "qemu-img", "compare", "-f", "raw", "-F", "raw", _bench["first.raw"], mount.Uri);
        })).ToList();
        foreach (var to in new[] { "1", "3", "2", "4" })
            await _bench.OkAsync("consolidate", "web", "--base", to);
        await Task.WhenAll(clients);
    }

    public void Dispose() => _bench.Dispose();
}
