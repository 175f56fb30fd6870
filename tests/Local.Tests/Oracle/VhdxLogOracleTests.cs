using System.Buffers.Binary;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>A log that is replayed in memory leaves what qemu-img's replay leaves in the file.</summary>
[Trait("Category", "Oracle")]
public sealed class VhdxLogOracleTests : IDisposable
{
    private const int MiB = 1 << 20;
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_dirty_log_reads_as_qemu_img_replays_it()
    {
        var log = new Guid("12345678-0000-4000-8000-000000000001");
        var table = new byte[4096];
        BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(8), (4UL * MiB) | 6);
        BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(24), (5UL * MiB) | 6);
        var file = new VhdxBuilder { LogId = log }
            .Block(1, 6, DiskContent.Sample(MiB, 1)).Block(2, 6, DiskContent.Sample(MiB, 2))
            .Log(0, VhdxBuilder.LogEntry(log, 6, 0, (6 * MiB, 6 * MiB), (3 * MiB, table, 0)))
            .Log(8192, VhdxBuilder.LogEntry(
                log, 7, 0, (6 * MiB, 6 * MiB), (4 * MiB, null, 16384),
                (5 * MiB, DiskContent.Sample(4096, 3), 0)))
            .Build();
        await File.WriteAllBytesAsync(_folder["a.vhdx"], file);
        var ours = await DiskContent.OfChainAsync(65536, _folder["a.vhdx"]);
        Assert.Equal(file, await File.ReadAllBytesAsync(_folder["a.vhdx"]));
        await OutsideTool.RunAsync("qemu-img", "check", "-r", "all", _folder["a.vhdx"]);
        await OutsideTool.RunAsync(
            "qemu-img", "convert", "-f", "vhdx", "-O", "raw", _folder["a.vhdx"],
            _folder["theirs.raw"]);
        Assert.Null(DiskContent.Difference(
            await File.ReadAllBytesAsync(_folder["theirs.raw"]), ours));
    }

    public void Dispose() => _folder.Dispose();
}
