using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Files;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.LocalTests.Oracle;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.LocalTests.Restoring;

/// <summary>Restores to files, by the runner of this machine.</summary>
public sealed class FileRestoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _jobs;

    private string Target => _folder["disk.raw"];

    [Theory]
    [InlineData(81)]
    [InlineData(82)]
    public async Task Every_version_becomes_a_file_and_turns_into_every_other(int seed)
    {
        var versions = TinyDisks.Row(seed, 4);
        var machine = await TinyMachine.CreateAsync(versions);
        for (var version = 1; version <= 4; version++)
        {
            await RestoreAsync(machine, version, input => input with { Overwrite = true });
            Assert.Equal(versions[version - 1], await File.ReadAllBytesAsync(Target));
            Assert.False(File.Exists(Target + FileRestoreTargets.PartialSuffix));
        }
        var held = 4;
        foreach (var version in new[] { 1, 3, 2, 4, 1 })
        {
            await RestoreAsync(
                machine, version, input => input with { Onto = true, FromVersion = held });
            Assert.Equal(versions[version - 1], await File.ReadAllBytesAsync(Target));
            held = version;
        }
        foreach (var version in new[] { 2, 4, 3 })
        {
            await RestoreAsync(machine, version, input => input with { Onto = true });
            Assert.Equal(versions[version - 1], await File.ReadAllBytesAsync(Target));
        }
    }

    [Fact]
    public async Task Zeros_take_no_space_in_a_new_file_nor_where_they_replace_something()
    {
        var full = new byte[4 << 20];
        new Random(83).NextBytes(full);
        var sparse = new byte[full.Length];
        full.AsSpan(1 << 20, 8192).CopyTo(sparse.AsSpan(1 << 20));
        var machine = await TinyMachine.CreateAsync([full, sparse], windowBlocks: 64);
        await RestoreAsync(machine, 2);
        Assert.InRange(await DiskBytesAsync(), 8192, 256 << 10);
        await RestoreAsync(machine, 1, input => input with { Onto = true });
        Assert.InRange(await DiskBytesAsync(), full.Length, long.MaxValue);
        await RestoreAsync(machine, 2, input => input with { Onto = true });
        Assert.InRange(await DiskBytesAsync(), 8192, 256 << 10);
        Assert.Equal(sparse, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task A_file_that_is_there_is_left_alone()
    {
        await File.WriteAllTextAsync(Target, "mine");
        var machine = await TinyMachine.CreateAsync(TinyDisks.Row(84, 1));
        var error = await Assert.ThrowsAnyAsync<SnapshotException>(
            () => RestoreAsync(machine, 1));
        Assert.Equal("target-exists", error.Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(Target));
    }

    [Fact]
    public async Task A_qcow2_image_is_what_other_programs_read()
    {
        var content = DiskContent.Sample(3 << 20, 85);
        var machine = await TinyMachine.CreateAsync([content], windowBlocks: 64);
        await RestoreAsync(machine, 1, input => input with { Format = "qcow2" });
        await OutsideTool.RunAsync("qemu-img", "check", "-q", Target);
        await OutsideTool.RunAsync(
            "qemu-img", "convert", "-f", "qcow2", "-O", "raw", Target, _folder["back.raw"]);
        Assert.Null(DiskContent.Difference(
            content, await File.ReadAllBytesAsync(_folder["back.raw"])));
    }

    private Task<RestoreResult> RestoreAsync(
        TinyMachine machine, int version, Func<RestoreInput, RestoreInput>? with = null)
    {
        var runner = new LocalRunner(
            new SimulatedStore(), RestoreParts.Flows(machine.Options),
            RestoreParts.Steps(machine.Services, new FileRestoreTargets()),
            new LocalRunnerOptions { MaxParallelSteps = 3, PollEvery = Timeout.InfiniteTimeSpan },
            machine.Time, NullLogger.Instance);
        var input = new RestoreInput(TinyMachine.Machine, Target, version);
        return RunAsync(runner, with?.Invoke(input) ?? input, $"restore-{++_jobs}");
    }

    private static async Task<RestoreResult> RunAsync(
        LocalRunner runner, RestoreInput input, string job)
    {
        await runner.StartAsync(RestoreNames.Restore, input, job);
        return await runner.RunToEndAsync(RestoreNames.Restore, job);
    }

    private async Task<long> DiskBytesAsync() => long.Parse(
        (await OutsideTool.RunAsync("du", "--block-size=1", Target)).Split('\t')[0],
        System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();
}
