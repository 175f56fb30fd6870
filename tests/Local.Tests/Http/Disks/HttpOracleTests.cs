using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http;
using SnapshotFunctions.LocalTests.Oracle;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>
/// Programs that read disks over HTTP, each with its own idea of it: QEMU and nbdkit through
/// libcurl, and curl itself. Needs qemu-utils, qemu-block-extra, nbdkit, libnbd-bin and curl.
/// </summary>
[Trait("Category", "Oracle")]
public sealed class HttpOracleTests : IDisposable
{
    private static readonly Layout Sizes = new(4096, 65536, 8, 1 << 20, 2 << 20);

    // Without its own --run, whose exit code was now and then that of SIGTERM when run from here.
    private const string Nbdkit =
        """
        nbdkit -f -U "$2" -P "$2.pid" curl "$1" & server=$!
        until [ -s "$2.pid" ]; do kill -0 $server || exit 1; sleep 0.05; done
        nbdcopy "nbd+unix:///?socket=$2" "$3"; copied=$?
        kill $server; wait $server
        exit $copied
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Qemu_img_compares_every_version_with_its_source_straight_from_the_url()
    {
        await using var server = await ServerAsync();
        foreach (var (version, content) in server.Versions)
        {
            await File.WriteAllBytesAsync(_folder["v.raw"], content);
            var said = await OutsideTool.RunAsync(
                "qemu-img", "compare", "-f", "raw", "-F", "raw", _folder["v.raw"],
                server.Url(version));
            Assert.Contains("Images are identical.", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Qemu_img_converts_every_version_straight_from_the_url()
    {
        await using var server = await ServerAsync();
        foreach (var (version, content) in server.Versions)
        {
            // One coroutine: with more, the HTTP driver of QEMU 7.2 now and then waits for an answer
            // that it has taken already, from any server.
            await OutsideTool.RunAsync(
                "qemu-img", "convert", "-m", "1", "-f", "raw", "-O", "raw", server.Url(version),
                _folder["out.raw"]);
            Assert.Equal(content, await File.ReadAllBytesAsync(_folder["out.raw"]));
        }
    }

    [Fact]
    public async Task Nbdkit_serves_every_version_from_the_url()
    {
        await using var server = await ServerAsync();
        foreach (var (version, content) in server.Versions)
        {
            File.Delete(_folder["out.raw"]);
            await OutsideTool.RunAsync(
                "bash", "-c", Nbdkit, "bash", server.Url(version), _folder[$"v{version}"],
                _folder["out.raw"]);
            Assert.Equal(content, await File.ReadAllBytesAsync(_folder["out.raw"]));
        }
    }

    [Fact]
    public async Task Curl_reads_ranges_and_takes_up_where_it_was_cut_off()
    {
        await using var server = await ServerAsync();
        var content = server.Versions[2];
        foreach (var (range, first, end) in new[]
        {
            ("0-0", 0, 1), ("65530-131080", 65530, 131081), ("-777", content.Length - 777, content.Length),
            ($"{content.Length - 10}-", content.Length - 10, content.Length),
            ("2097000-99999999", 2_097_000, content.Length),
        })
        {
            await OutsideTool.RunAsync(
                "curl", "-sSf", "-r", range, "-o", _folder["out.raw"], server.Url(2));
            Assert.Equal(content[first..end], await File.ReadAllBytesAsync(_folder["out.raw"]));
        }
        await File.WriteAllBytesAsync(_folder["out.raw"], content[..1_000_001]);
        await OutsideTool.RunAsync(
            "curl", "-sSf", "-C", "-", "-o", _folder["out.raw"], server.Url(2));
        Assert.Equal(content, await File.ReadAllBytesAsync(_folder["out.raw"]));
    }

    [Theory]
    [InlineData("qcow2", "qcow2")]
    [InlineData("vhd", "vpc")]
    [InlineData("vhd-dynamic", "vpc")]
    [InlineData("vhdx", "vhdx")]
    public async Task A_disk_of_another_format_is_one_to_qemu_nbdkit_and_curl(
        string format, string driver)
    {
        await using var server = await ServerAsync();
        foreach (var (version, content) in server.Versions)
        {
            var url = $"{server.Url(version)}?format={format}";
            await File.WriteAllBytesAsync(_folder["v.raw"], content);
            var said = await OutsideTool.RunAsync(
                "qemu-img", "compare", "-f", "raw", "-F", driver, _folder["v.raw"], url);
            Assert.Contains("Images are identical.", said, StringComparison.Ordinal);

            File.Delete(_folder["out.img"]);
            await OutsideTool.RunAsync(
                "bash", "-c", Nbdkit, "bash", url, _folder[$"v{version}"], _folder["out.img"]);
            await OutsideTool.RunAsync(
                "qemu-img", "compare", "-f", "raw", "-F", driver, _folder["v.raw"],
                _folder["out.img"]);
            if (driver is not "vpc")
                await OutsideTool.RunAsync("qemu-img", "check", "-f", driver, _folder["out.img"]);
            var file = await File.ReadAllBytesAsync(_folder["out.img"]);
            foreach (var (first, count) in new[]
            {
                (0, 1), (511, 70_000), (file.Length / 3, 900_000), (file.Length - 513, 513),
            })
            {
                await OutsideTool.RunAsync(
                    "curl", "-sSf", "-r", $"{first}-{first + count - 1}", "-o", _folder["part"],
                    url);
                Assert.True((await File.ReadAllBytesAsync(_folder["part"])).AsSpan()
                    .SequenceEqual(file.AsSpan(first, Math.Min(count, file.Length - first))));
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Three versions of a disk of whole sectors, the base at the second.</summary>
    private static async Task<DiskServer> ServerAsync()
    {
        var random = new Random(41);
        var content = new byte[(5 << 20) + 4096];
        var versions = new List<byte[]>();
        for (var version = 1; version <= 3; version++)
        {
            for (var change = 0; change < 6; change++)
            {
                var length = random.Next(1, 300_000);
                random.NextBytes(content.AsSpan(random.Next(content.Length - length), length));
            }
            versions.Add([.. content]);
        }
        var server = await DiskServer.StartAsync(
            versions, Sizes, new ApiOptions { PieceBytes = 256 << 10, ReadBudgetBytes = 4 << 20 });
        await server.ConsolidateAsync(2);
        return server;
    }
}
