using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.TestShared.Images;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.EngineTests.Restoring;

/// <summary>Restores to a new target.</summary>
public sealed class RestoreTests
{
    private const int BlockBytes = 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_version_is_restored_wherever_the_base_stands(int seed)
    {
        var versions = TinyDisks.Row(seed, 7);
        var bench = await RestoreBench.CreateAsync(versions);
        foreach (var baseVersion in new[] { 1, 4, 7 })
        {
            if (baseVersion > 1)
                await bench.Machine.MoveBaseAsync(
                    baseVersion, bench.Machine.Services, deletesForwards: true);
            for (var version = 1; version <= 7; version++)
            {
                bench.Targets = new();
                var result = await bench.RestoreAsync(version);
                Assert.Equal(versions[version - 1], bench.Targets[RestoreBench.Target]);
                Assert.Equal([RestoreBench.Target], bench.Targets.Names);
                Assert.Equal(version, result.Version);
                Assert.Equal(versions[version - 1].Length, result.SizeBytes);
                Assert.Equal(RestoreBench.Sum(bench.Targets.Written), result.WrittenBytes);
            }
        }
    }

    [Fact]
    public async Task Blocks_of_zeros_are_never_written_and_neighbours_are_written_together()
    {
        var content = new byte[200_000];
        content.AsSpan(5 * BlockBytes, 3 * BlockBytes).Fill(1);
        content[150 * BlockBytes] = 2;
        var bench = await RestoreBench.CreateAsync([content]);
        var context = bench.Context();
        await bench.RestoreAsync(null, context: context);
        Assert.Equal(content, bench.Targets[RestoreBench.Target]);
        Assert.Equal(
            [(5 * BlockBytes, 8 * BlockBytes), (150 * BlockBytes, 151 * BlockBytes)],
            bench.Targets.Written.Select(w => (w.Offset, w.End)).Order());
        Assert.Equal(2, context.Steps.Count(s => s is "RestoreShard"));
    }

    [Fact]
    public async Task A_disk_of_zeros_and_one_without_bytes_are_restored()
    {
        foreach (var size in new[] { 0, 1, 40_000 })
        {
            var bench = await RestoreBench.CreateAsync([new byte[size]]);
            await bench.RestoreAsync(null);
            Assert.Equal(new byte[size], bench.Targets[RestoreBench.Target]);
            Assert.Empty(bench.Targets.Written);
        }
    }

    [Fact]
    public async Task Progress_rises_to_the_bytes_of_all_shards_and_texts_stay_short()
    {
        var versions = TinyDisks.Row(11, 2);
        new Random(11).NextBytes(versions[1]);
        var bench = await RestoreBench.CreateAsync(versions);
        var context = bench.Context();
        await bench.RestoreAsync(2, context: context);
        Assert.Equal(context.Reports.Select(r => r.Done).Order(), context.Reports.Select(r => r.Done));
        Assert.Equal(
            new FlowProgress("restoring", versions[1].Length, versions[1].Length, "bytes"),
            context.Reports[^1]);
        Assert.InRange(context.LongestText, 1, 2048);
    }

    [Fact]
    public async Task A_restore_goes_on_while_the_base_is_moved_and_forwards_are_deleted()
    {
        var versions = TinyDisks.Row(5, 5);
        foreach (var content in versions) new Random(3).NextBytes(content.AsSpan(0, 20_000));
        foreach (var version in new[] { 1, 3, 5 })
        {
            var usual = await MoveAtReadAsync(versions, version, int.MaxValue);
            var most = usual;
            for (var read = 1; read <= usual; read++)
                most = Math.Max(most, await MoveAtReadAsync(versions, version, read));
            // Else no read was ever overtaken, and the test has shown nothing.
            Assert.True(most > usual, $"{usual} reads of version {version}, never more.");
        }
    }

    [Fact]
    public async Task What_is_there_is_refused_or_replaced_as_asked()
    {
        var versions = TinyDisks.Row(6, 2);
        var bench = await RestoreBench.CreateAsync(versions);
        bench.Targets[RestoreBench.Target] = [1, 2, 3];
        bench.Targets[RestoreBench.Target + ".partial"] = [4];
        await bench.RefusedAsync("target-exists", 1);
        Assert.Equal([1, 2, 3], bench.Targets[RestoreBench.Target]);
        await bench.RestoreAsync(1, input => input with { Overwrite = true });
        Assert.Equal(versions[0], bench.Targets[RestoreBench.Target]);
        Assert.Equal([RestoreBench.Target], bench.Targets.Names);
    }

    [Fact]
    public async Task The_space_of_what_is_written_is_taken_first_and_no_other()
    {
        var versions = TinyDisks.Row(9, 3);
        var bench = await RestoreBench.CreateAsync(versions);
        await bench.RestoreAsync(2);
        var reserved = bench.Targets.Reserved;
        Assert.NotEmpty(reserved);
        Assert.All(bench.Targets.Written, w => Assert.Contains(
            reserved, r => r.Offset <= w.Offset && w.End <= r.End));
        Assert.Equal(bench.Targets.Written.Sum(w => w.Length), reserved.Sum(r => r.Length));
    }

    [Fact]
    public async Task A_target_that_runs_full_is_removed_and_the_error_says_so()
    {
        var versions = TinyDisks.Row(7, 1);
        new Random(7).NextBytes(versions[0]);
        var bench = await RestoreBench.CreateAsync(versions);
        bench.Targets.CapacityBytes = 30_000;
        await bench.RefusedAsync("target-full", 1);
        Assert.Empty(bench.Targets.Names);
    }

    [Fact]
    public async Task A_cancelled_restore_stops_between_parts_and_leaves_nothing()
    {
        var versions = TinyDisks.Row(8, 1, 400_000);
        new Random(8).NextBytes(versions[0]);
        var bench = await RestoreBench.CreateAsync(versions);
        var context = bench.Context();
        context.OnStepEnded = step => context.IsCancelRequested |= step is "RestoreShard";
        await bench.RefusedAsync("canceled", 1, context: context);
        Assert.Empty(bench.Targets.Names);
        Assert.InRange(context.Steps.Count(s => s is "RestoreShard"), 1, 16);
        Assert.Equal("AbandonRestore", context.Steps[^1]);
    }

    [Theory]
    [InlineData("vdi", false, false, null, "refused-format")]
    [InlineData("raw", true, true, null, "refused-onto-overwrite")]
    [InlineData("qcow2", false, true, null, "refused-onto-format")]
    [InlineData("raw", false, false, 1, "refused-from-version")]
    public async Task What_makes_no_sense_is_refused_before_anything_is_made(
        string format, bool overwrite, bool onto, int? from, string code)
    {
        var bench = await RestoreBench.CreateAsync(TinyDisks.Row(9, 1));
        await bench.RefusedAsync(code, 1, input => input with
        {
            Format = format, Overwrite = overwrite, Onto = onto, FromVersion = from,
        });
        Assert.Empty(bench.Targets.Names);
        await bench.RefusedAsync("not-found", 2);
        Assert.Empty(bench.Targets.Names);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task A_qcow2_image_reads_as_the_disk(int seed)
    {
        var versions = TinyDisks.Row(seed, 4, 700_001);
        var bench = await RestoreBench.CreateAsync(versions, windowBlocks: 64);
        for (var version = 1; version <= 4; version++)
        {
            var result = await bench.RestoreAsync(
                version, input => input with { Format = "qcow2", Overwrite = true });
            var image = bench.Targets[RestoreBench.Target];
            Assert.Equal(image.Length, result.LengthBytes);
            var expected = versions[version - 1];
            await using var disk = await ImageOpener.OpenAsync(new MemoryByteSource(image));
            Assert.Equal("qcow2", disk.Format);
            Assert.Equal((expected.Length + 511) / 512 * 512, disk.SizeBytes);
            var found = new byte[disk.SizeBytes];
            await disk.ReadAsync(0, found);
            Assert.Equal(expected, found[..expected.Length]);
        }
    }

    /// <summary>Stalls one read of a restore and moves the base; answers how many it made.</summary>
    private static async Task<int> MoveAtReadAsync(List<byte[]> versions, int version, int at)
    {
        var bench = await RestoreBench.CreateAsync(versions, windowBlocks: 2);
        var pause = new StorePause();
        var reads = 0;
        bench.Machine.Process.Faults = _ => Interlocked.Increment(ref reads) == at
            ? StoreFault.PauseBefore(pause) : StoreFault.None;
        var restore = bench.RestoreAsync(version);
        await Task.WhenAny(pause.Reached, restore);
        if (pause.Reached.IsCompleted)
        {
            await bench.Machine.MoveBaseAsync(
                5, bench.Machine.ServicesOf(new SimulatedProcess()), deletesForwards: true);
            pause.Resume();
        }
        await restore;
        Assert.Equal(bench.Machine[version], bench.Targets[RestoreBench.Target]);
        return reads;
    }
}
