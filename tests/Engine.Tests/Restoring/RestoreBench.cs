using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Restoring;
using Xunit;

namespace SnapshotFunctions.EngineTests.Restoring;

/// <summary>A tiny machine and targets in memory, with the restore flow over them.</summary>
internal sealed class RestoreBench
{
    public const string Target = "disk.raw";

    private RestoreBench(TinyMachine machine) => Machine = machine;

    public TinyMachine Machine { get; }

    public MemoryRestoreTargets Targets { get; set; } = new();

    public static async Task<RestoreBench> CreateAsync(
        IEnumerable<byte[]> versions, int windowBlocks = 3) =>
        new(await TinyMachine.CreateAsync(versions, windowBlocks));

    public PlainFlowContext Context() => new(
        RestoreParts.Flows(Machine.Options), RestoreParts.Steps(Machine.Services, Targets));

    public Task<RestoreResult> RestoreAsync(
        int? version, Func<RestoreInput, RestoreInput>? with = null,
        PlainFlowContext? context = null)
    {
        var input = new RestoreInput(TinyMachine.Machine, Target, version);
        return (context ?? Context()).RunFlowAsync(
            RestoreNames.Restore, with?.Invoke(input) ?? input);
    }

    public async Task RefusedAsync(
        string code, int? version, Func<RestoreInput, RestoreInput>? with = null,
        PlainFlowContext? context = null)
    {
        var error = await Assert.ThrowsAsync<StepFailedException>(
            () => RestoreAsync(version, with, context));
        Assert.Equal(code, error.Code);
    }

    /// <summary>Whole blocks in which two contents differ, over the larger of their sizes.</summary>
    public static List<int> DifferingBlocks(byte[] one, byte[] other, int unitBytes)
    {
        var length = Math.Max(one.Length, other.Length);
        var whole = (length + unitBytes - 1) / unitBytes * unitBytes;
        Array.Resize(ref one, whole);
        Array.Resize(ref other, whole);
        return [.. Enumerable.Range(0, whole / unitBytes).Where(
            i => !one.AsSpan(i * unitBytes, unitBytes)
                .SequenceEqual(other.AsSpan(i * unitBytes, unitBytes)))];
    }

    /// <summary>The bytes in some ranges.</summary>
    public static long Sum(IEnumerable<ByteRange> ranges) => ranges.Sum(r => r.Length);
}
