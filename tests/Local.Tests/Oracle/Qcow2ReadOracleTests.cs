using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>What this product reads from a qcow2 image is what qemu-img reads from it.</summary>
[Trait("Category", "Oracle")]
public sealed class Qcow2ReadOracleTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("compat=0.10,cluster_size=512", false)]
    [InlineData("compat=0.10,cluster_size=4096", true)]
    [InlineData("compat=0.10", true)]
    [InlineData("compat=0.10", false)]
    [InlineData("compat=1.1,cluster_size=512", true)]
    [InlineData("compat=1.1,cluster_size=512", false)]
    [InlineData("compat=1.1,cluster_size=1024,compression_type=zstd", true)]
    [InlineData("compat=1.1,cluster_size=16k,extended_l2=on", false)]
    [InlineData("compat=1.1,cluster_size=64k,extended_l2=on", true)]
    [InlineData("compat=1.1,cluster_size=2M,extended_l2=on,compression_type=zstd", true)]
    [InlineData("compat=1.1", false)]
    [InlineData("compat=1.1", true)]
    [InlineData("compat=1.1,compression_type=zstd", true)]
    [InlineData("compat=1.1,lazy_refcounts=on,refcount_bits=1", false)]
    [InlineData("compat=1.1,refcount_bits=64,cluster_size=32k", true)]
    [InlineData("compat=1.1,cluster_size=2M", false)]
    [InlineData("compat=1.1,cluster_size=2M", true)]
    [InlineData("compat=1.1,cluster_size=2M,compression_type=zstd", true)]
    [InlineData("compat=1.1,preallocation=metadata", false)]
    [InlineData("compat=1.1,preallocation=falloc", false)]
    [InlineData("compat=1.1,preallocation=full", false)]
    [InlineData("compat=1.1,preallocation=metadata,extended_l2=on", false)]
    public async Task An_image_reads_as_qemu_img_reads_it(string options, bool compressed)
    {
        const int Seed = 20_260;
        output.WriteLine($"seed {Seed}");
        var small = options.Contains("=512", StringComparison.Ordinal) ? 3_000_001 : 9_000_001;
        await File.WriteAllBytesAsync(_folder["made.raw"], DiskContent.Sample(small, Seed));
        string[] pack = compressed ? ["-c"] : [];
        await OutsideTool.RunAsync(
            "qemu-img",
            ["convert", .. pack, "-f", "raw", "-O", "qcow2", "-o", options,
                _folder["made.raw"], _folder["a.qcow2"]]);
        await CompareAsync(_folder["a.qcow2"]);

        var v2 = options.Contains("0.10", StringComparison.Ordinal);
        await OutsideTool.RunAsync(
            "qemu-io", "-f", "qcow2", "-d", "unmap",
            "-c", "write -P 0x5a 70000 3", "-c", "write -P 0x21 1048576 65536",
            "-c", v2 ? "read 0 512" : "write -z 131072 200704",
            "-c", "write -z 700000 5000", "-c", "discard 1572864 524288",
            "-c", v2 ? "read 0 512" : "write -zu 2097152 65536", _folder["a.qcow2"]);
        await CompareAsync(_folder["a.qcow2"]);
    }

    [Theory]
    [InlineData("compat=1.1")]
    [InlineData("compat=0.10,cluster_size=8192")]
    [InlineData("compat=1.1,cluster_size=128k,extended_l2=on")]
    [InlineData("compat=1.1,cluster_size=2M,compression_type=zstd")]
    public async Task An_overlay_laid_over_its_base_reads_as_qemu_img_reads_the_chain(
        string options)
    {
        const int Seed = 7;
        output.WriteLine($"seed {Seed}");
        await File.WriteAllBytesAsync(_folder["made.raw"], DiskContent.Sample(8 << 20, Seed));
        await OutsideTool.RunAsync(
            "qemu-img", "convert", "-c", "-O", "qcow2", _folder["made.raw"], _folder["a.qcow2"]);
        await OutsideTool.RunAsync(
            "qemu-img", "create", "-f", "qcow2", "-F", "qcow2", "-b", "a.qcow2", "-o", options,
            _folder["b.qcow2"], "9M");
        await OutsideTool.RunAsync(
            "qemu-io", "-f", "qcow2", "-d", "unmap",
            "-c", "write -P 0x11 100000 30000", "-c", "write -z 0 65536",
            "-c", "write -z 300000 262144", "-c", "write -P 0x77 4194304 1048576",
            "-c", "write -z 4259840 131072", "-c", "discard 4718592 131072",
            "-c", "write -P 0x12 8388000 1000", _folder["b.qcow2"]);
        await CompareAsync(_folder["a.qcow2"], _folder["b.qcow2"]);
    }

    [Fact]
    public async Task Internal_snapshots_are_left_alone_and_the_active_state_is_read()
    {
        await OutsideTool.RunAsync(
            "qemu-img", "create", "-f", "qcow2", _folder["a.qcow2"], "4M");
        await OutsideTool.RunAsync(
            "qemu-io", "-f", "qcow2", "-c", "write -P 1 0 2M", _folder["a.qcow2"]);
        await OutsideTool.RunAsync("qemu-img", "snapshot", "-c", "before", _folder["a.qcow2"]);
        await OutsideTool.RunAsync(
            "qemu-io", "-f", "qcow2", "-c", "write -P 2 1M 2M", _folder["a.qcow2"]);
        await CompareAsync(_folder["a.qcow2"]);
    }

    [Fact]
    public async Task A_resized_image_reads_as_qemu_img_reads_it()
    {
        await File.WriteAllBytesAsync(_folder["made.raw"], DiskContent.Sample(3 << 20, 3));
        await OutsideTool.RunAsync(
            "qemu-img", "convert", "-O", "qcow2", "-o", "cluster_size=1024",
            _folder["made.raw"], _folder["a.qcow2"]);
        await OutsideTool.RunAsync("qemu-img", "resize", _folder["a.qcow2"], "40M");
        await OutsideTool.RunAsync(
            "qemu-io", "-f", "qcow2", "-c", "write -P 9 39M 777", _folder["a.qcow2"]);
        await CompareAsync(_folder["a.qcow2"]);
        await OutsideTool.RunAsync(
            "qemu-img", "resize", "--shrink", _folder["a.qcow2"], "1537K");
        await CompareAsync(_folder["a.qcow2"]);
    }

    public void Dispose() => _folder.Dispose();

    private async Task CompareAsync(params string[] chain)
    {
        await OutsideTool.RunAsync(
            "qemu-img", "convert", "-f", "qcow2", "-O", "raw", chain[^1], _folder["theirs.raw"]);
        var theirs = await File.ReadAllBytesAsync(_folder["theirs.raw"]);
        foreach (var readBytes in new[] { 4096, 65536, 1 << 20, 777_777, 64 << 20 })
        {
            var ours = await DiskContent.OfChainAsync(readBytes, chain);
            Assert.Null(DiskContent.Difference(theirs, ours));
        }
    }
}
