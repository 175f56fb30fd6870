using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.EngineTests.Restoring;

/// <summary>What differs between two versions, against the bytes themselves.</summary>
public sealed class VersionDiffTests
{
    [Theory]
    [InlineData(71, 1)]
    [InlineData(72, 2)]
    [InlineData(73, 4)]
    [InlineData(74, 5)]
    public async Task Blocks_and_sectors_are_those_that_differ(int seed, int baseVersion)
    {
        var versions = TinyDisks.Row(seed, 5);
        var machine = await TinyMachine.CreateAsync(versions);
        if (baseVersion > 1) await machine.MoveBaseAsync(baseVersion, machine.Services);
        for (var from = 1; from <= 5; from++)
        {
            for (var to = 1; to <= 5; to++)
            {
                var diff = await DiffAsync(machine, from, to);
                await AssertAsync(diff.BlocksAsync(), versions[from - 1], versions[to - 1], 1024);
                await AssertAsync(diff.SectorsAsync(), versions[from - 1], versions[to - 1], 256);
            }
        }
    }

    [Fact]
    public async Task Blocks_are_told_without_reading_data()
    {
        var versions = TinyDisks.Row(75, 3);
        var machine = await TinyMachine.CreateAsync(versions);
        var read = new List<StoreOperation>();
        machine.Process.Trace = read.Add;
        var diff = await DiffAsync(machine, 1, 3);
        await foreach (var _ in diff.BlocksAsync())
        {
            // Only what is read meanwhile matters.
        }
        Assert.NotEmpty(read);
        Assert.DoesNotContain(read, o => o.Name.EndsWith(".dat", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disks_that_are_not_the_same_are_not_compared()
    {
        var machine = await TinyMachine.CreateAsync(TinyDisks.Row(76, 1));
        var manifest = await machine.ManifestAsync();
        var view = await machine.ViewAsync(1);
        var version = await ViewOpener.FindAsync(manifest, 1, CancellationToken.None);
        var other = machine.Services.Views.Open(
            manifest, version, version.Disks[0] with { Name = "other" });
        Assert.Throws<ArgumentException>(() => new VersionDiff(manifest, view, other));
    }

    private static async Task<VersionDiff> DiffAsync(TinyMachine machine, int from, int to) => new(
        await machine.ManifestAsync(), await machine.ViewAsync(from), await machine.ViewAsync(to));

    private static async Task AssertAsync(
        IAsyncEnumerable<ByteRange> found, byte[] from, byte[] to, int unitBytes)
    {
        var end = Math.Max(from.Length, to.Length);
        var expected = new List<ByteRange>();
        foreach (var unit in RestoreBench.DifferingBlocks(from, to, unitBytes))
        {
            var range = new ByteRange(
                (long)unit * unitBytes, Math.Min((unit + 1L) * unitBytes, end));
            if (expected.Count > 0 && expected[^1].End == range.Offset)
                expected[^1] = new ByteRange(expected[^1].Offset, range.End);
            else
                expected.Add(range);
        }
        var ranges = new List<ByteRange>();
        await foreach (var range in found) ranges.Add(range);
        Assert.Equal(expected, ranges);
    }
}
