using SnapshotFunctions.TestShared.Machines;
using Xunit;

namespace SnapshotFunctions.EngineTests.Restoring;

/// <summary>Restores that write only what differs onto what is there.</summary>
public sealed class RestoreOntoTests
{
    private const int BlockBytes = 1024;

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    public async Task A_file_that_is_compared_gets_the_blocks_that_differ_and_no_others(int seed)
    {
        var versions = TinyDisks.Row(seed, 5);
        var bench = await RestoreBench.CreateAsync(versions);
        for (var from = 1; from <= 5; from++)
        {
            for (var to = 1; to <= 5; to++)
            {
                bench.Targets = new() { [RestoreBench.Target] = [.. versions[from - 1]] };
                var result = await bench.RestoreAsync(to, input => input with { Onto = true });
                Assert.Equal(versions[to - 1], bench.Targets[RestoreBench.Target]);
                AssertOnlyDiffering(bench, versions[from - 1], versions[to - 1]);
                Assert.Equal(bench.Targets.ReadBytes, result.ComparedBytes);
            }
        }
    }

    [Theory]
    [InlineData(41, 1)]
    [InlineData(42, 3)]
    [InlineData(43, 5)]
    public async Task A_file_that_is_trusted_is_not_read(int seed, int baseVersion)
    {
        var versions = TinyDisks.Row(seed, 5);
        var bench = await RestoreBench.CreateAsync(versions);
        if (baseVersion > 1)
            await bench.Machine.MoveBaseAsync(baseVersion, bench.Machine.Services);
        for (var from = 1; from <= 5; from++)
        {
            for (var to = 1; to <= 5; to++)
            {
                bench.Targets = new() { [RestoreBench.Target] = [.. versions[from - 1]] };
                var held = from;
                var result = await bench.RestoreAsync(
                    to, input => input with { Onto = true, FromVersion = held });
                Assert.Equal(versions[to - 1], bench.Targets[RestoreBench.Target]);
                AssertOnlyDiffering(bench, versions[from - 1], versions[to - 1]);
                Assert.Equal(0, bench.Targets.ReadBytes);
                Assert.Equal(0, result.ComparedBytes);
            }
        }
    }

    [Fact]
    public async Task Anything_at_all_is_turned_into_the_version()
    {
        var versions = TinyDisks.Row(51, 3);
        var bench = await RestoreBench.CreateAsync(versions);
        foreach (var length in new[] { 0, 1, 16_384, 500_000 })
        {
            var garbage = new byte[length];
            new Random(length).NextBytes(garbage);
            bench.Targets = new() { [RestoreBench.Target] = garbage };
            await bench.RestoreAsync(2, input => input with { Onto = true });
            Assert.Equal(versions[1], bench.Targets[RestoreBench.Target]);
        }
    }

    [Fact]
    public async Task A_file_that_cannot_be_the_trusted_version_is_refused_untouched()
    {
        var bench = await RestoreBench.CreateAsync(TinyDisks.Row(52, 2));
        bench.Targets[RestoreBench.Target] = [1, 2, 3];
        await bench.RefusedAsync(
            "target-length", 2, input => input with { Onto = true, FromVersion = 1 });
        Assert.Equal([1, 2, 3], bench.Targets[RestoreBench.Target]);
        bench.Targets = new();
        await bench.RefusedAsync("target-missing", 2, input => input with { Onto = true });
    }

    [Fact]
    public async Task A_cancelled_one_stays_and_another_completes_it()
    {
        var versions = TinyDisks.Row(53, 2, 400_000);
        new Random(53).NextBytes(versions[1]);
        var bench = await RestoreBench.CreateAsync(versions);
        bench.Targets[RestoreBench.Target] = [.. versions[0]];
        var context = bench.Context();
        context.OnStepEnded = step => context.IsCancelRequested |= step is "RestoreShard";
        await bench.RefusedAsync(
            "canceled", 2, input => input with { Onto = true, FromVersion = 1 }, context);
        Assert.NotEqual(versions[1], bench.Targets[RestoreBench.Target]);
        await bench.RestoreAsync(2, input => input with { Onto = true, FromVersion = 1 });
        Assert.Equal(versions[1], bench.Targets[RestoreBench.Target]);
    }

    private static void AssertOnlyDiffering(RestoreBench bench, byte[] from, byte[] to)
    {
        // A file is cut or lengthened first; what is left of it is compared.
        var held = from;
        Array.Resize(ref held, to.Length);
        var differing = RestoreBench.DifferingBlocks(held, to, BlockBytes).ToHashSet();
        foreach (var range in bench.Targets.Written)
            for (var at = range.Offset; at < range.End; at += BlockBytes)
                Assert.Contains((int)(at / BlockBytes), differing);
    }
}
