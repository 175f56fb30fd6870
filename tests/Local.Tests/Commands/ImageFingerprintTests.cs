using SnapshotFunctions.LocalTests.Oracle;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

/// <summary>
/// Whatever variant of a format an image is in, its disk has the fingerprint of the raw disk that
/// qemu-img made it of.
/// </summary>
[Trait("Category", "Oracle")]
public sealed class ImageFingerprintTests : IDisposable
{
    private static readonly (string Format, string[] Variants)[] Written =
    [
        ("vpc",
        [
            "subformat=dynamic", "subformat=dynamic,force_size=on", "subformat=fixed",
            "subformat=fixed,force_size=on",
        ]),
        ("vhdx", ["subformat=dynamic", "subformat=dynamic,block_size=1M", "subformat=fixed"]),
        ("vmdk",
        [
            "subformat=monolithicSparse", "subformat=monolithicFlat",
            "subformat=twoGbMaxExtentSparse", "subformat=twoGbMaxExtentFlat",
            "subformat=streamOptimized", "subformat=monolithicSparse,zeroed_grain=on",
        ]),
        ("qcow2",
        [
            "compat=0.10", "compat=1.1", "compat=1.1,extended_l2=on", "cluster_size=512",
            "cluster_size=2M",
        ]),
    ];

    private readonly CommandBench _bench = new();

    [Theory]
    [InlineData(9_000_001)]
    [InlineData(8 << 20)]
    public async Task Every_variant_has_the_fingerprint_of_its_raw_source(int lengthBytes)
    {
        await File.WriteAllBytesAsync(_bench["a.raw"], DiskContent.Sample(lengthBytes, 6));
        var expected = await FingerprintAsync("raw", _bench["a.raw"]);
        var number = 0;
        foreach (var (format, variants) in Written)
        {
            foreach (var variant in variants)
            {
                var name = $"v{++number}.{(format is "vpc" ? "vhd" : format)}";
                await OutsideTool.RunAsync(
                    "qemu-img", "convert", "-f", "raw", "-O", format, "-o", variant,
                    _bench["a.raw"], _bench[name]);
                Assert.Equal(
                    (variant, expected),
                    (variant, await FingerprintAsync($"m{number}", _bench[name])));
            }
        }
    }

    public void Dispose() => _bench.Dispose();

    private async Task<string?> FingerprintAsync(string machine, string path)
    {
        await _bench.OkAsync("ingest", machine, $"disk0={path}");
        var shown = await _bench.JsonAsync("show", machine, "1");
        return shown.GetProperty("version").GetProperty("fingerprint").GetString();
    }
}
