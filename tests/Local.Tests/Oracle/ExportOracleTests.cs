using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Files;
using Xunit;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>What this product writes is sound and equal in qemu-img's and libvhdi's eyes.</summary>
[Trait("Category", "Oracle")]
public sealed class ExportOracleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("vhd", 1)]
    [InlineData("vhd", 9_000_001)]
    [InlineData("vhd", 8 << 20)]
    [InlineData("vhd-dynamic", 1)]
    [InlineData("vhd-dynamic", 9_000_001)]
    [InlineData("vhd-dynamic", 8 << 20)]
    [InlineData("vhdx", 1)]
    [InlineData("vhdx", 9_000_001)]
    [InlineData("vhdx", 8 << 20)]
    [InlineData("qcow2", 9_000_001)]
    public async Task A_written_image_is_sound_and_equal(string format, int lengthBytes)
    {
        await File.WriteAllBytesAsync(_folder["a.raw"], DiskContent.Sample(lengthBytes, 6));
        await CheckAsync(format);
    }

    [Theory]
    [InlineData("vhd-dynamic")]
    [InlineData("vhdx")]
    public async Task A_large_sparse_disk_stays_sparse_and_sound(string format)
    {
        // Over many pages of the table, over many chunks of a VHDX, and in blocks of 2 MiB there.
        using (var file = File.OpenHandle(
            _folder["a.raw"], FileMode.CreateNew, FileAccess.ReadWrite))
        {
            var noise = DiskContent.Sample(300_000, 1);
            foreach (var at in new[]
            {
                0L, (4L << 30) - 70_000, 50L << 30, (65L << 30) - 300_000,
            })
                RandomAccess.Write(file, noise, at);
        }

        await CheckAsync(format);
        Assert.InRange(new FileInfo(_folder["a.img"]).Length, 4 << 20, 32 << 20);
    }

    public void Dispose() => _folder.Dispose();

    private async Task CheckAsync(string format)
    {
        await using (var raw = await ImageOpener.OpenAsync(
            new FileByteSource(_folder["a.raw"]), ImageOpener.Raw))
        {
            var layout = await ExportFormats.OpenAsync(format, new ExportDisk(
                raw.SizeBytes, Hash256.Zero, raw.ReadAsync, raw.ExtentsAsync));
            using var file = File.OpenHandle(
                _folder["a.img"], FileMode.Create, FileAccess.ReadWrite);
            var buffer = new byte[777_777];
            for (var at = 0L; at < layout.LengthBytes; at += buffer.Length)
            {
                var part = buffer.AsMemory(
                    0, (int)Math.Min(buffer.Length, layout.LengthBytes - at));
                await layout.ReadAsync(at, part);
                RandomAccess.Write(file, part.Span, at);
            }
        }

        var theirs = format.StartsWith("vhd", StringComparison.Ordinal) && format is not "vhdx"
            ? "vpc" : format;
        if (theirs is not "vpc")
        {
            var said = await OutsideTool.RunAsync(
                "qemu-img", "check", "-f", theirs, _folder["a.img"]);
            Assert.Contains("No errors were found", said, StringComparison.Ordinal);
        }

        await OutsideTool.RunAsync(
            "qemu-img", "compare", "-f", "raw", "-F", theirs, _folder["a.raw"], _folder["a.img"]);
        if (format is "qcow2")
            return;
        var info = await OutsideTool.RunAsync("vhdiinfo", _folder["a.img"]);
        Assert.Contains(format is "vhd" ? "Fixed" : "Dynamic", info, StringComparison.Ordinal);
        var found = await OutsideTool.RunAsync(
            "/usr/bin/python3", "-c",
            """
            import pyvhdi, sys, os
            f = pyvhdi.file(); f.open(sys.argv[1]); r = open(sys.argv[2], 'rb')
            size = os.path.getsize(sys.argv[2])
            step = 1 << 20
            ends = [o for o in range(0, min(size, 16 * step), step)]
            ends += [max(0, o) for o in ((4 << 30) - step, 50 << 30, size - step) if o < size]
            for o in ends:
                f.seek(o); r.seek(o); want = r.read(step)
                got = f.read(min(step, f.get_media_size() - o))
                assert got[:len(want)] == want and not any(got[len(want):]), o
            print('equal', f.get_media_size() >= size)
            """,
            _folder["a.img"], _folder["a.raw"]);
        Assert.Contains("equal True", found, StringComparison.Ordinal);
    }
}
