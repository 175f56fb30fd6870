using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.LocalTests.Runner;

public sealed class CrashTests
{
    private const int MaxCrashPoints = 200;

    private static async Task<string> Whole(IFlowContext context, int input)
    {
        var first = await context.RunStepAsync(Bench.Square, input);
        var fanned = await Task.WhenAll(
            Enumerable.Range(10, 5).Select(n => context.RunStepAsync(Bench.Square, n)));
        var inner = await context.RunFlowAsync(Bench.Child, 3);
        await context.DelayUntilAsync(context.UtcNow.AddHours(5));
        var last = await context.RunStepAsync(Bench.Square, 100);
        return $"{first} {string.Join(',', fanned)} {inner} {last}";
    }

    private static async Task<string> Inner(IFlowContext context, int input)
    {
        var a = await context.RunStepAsync(Bench.Square, 20 + input);
        var b = await context.RunStepAsync(Bench.Square, 30 + input);
        return $"{a}+{b}";
    }

    private const string Expected = "4 100,121,144,169,196 529+1089 10000";

    [Theory]
    [InlineData(StoreFaultKind.CrashBefore)]
    [InlineData(StoreFaultKind.CrashAfter)]
    [InlineData(StoreFaultKind.FailBefore)]
    [InlineData(StoreFaultKind.LoseAnswer)]
    public async Task A_fault_at_any_store_operation_changes_no_result(StoreFaultKind kind)
    {
        for (var point = 1; point <= MaxCrashPoints; point++)
        {
            var bench = new Bench();
            var befell = false;
            bench.Store.Process.Faults = operation =>
            {
                if (operation.Number != point)
                    return StoreFault.None;
                befell = true;
                return FaultOf(kind);
            };
            var crashes = 0;
            string? output = null;
            while (output is null)
            {
                try
                {
                    var runner = bench.Runner(Whole, Inner);
                    await runner.StartAsync(Bench.Main, 2, "job-1", "vm");
                    output = await runner.RunToEndAsync(Bench.Main, "job-1");
                }
                catch (Exception error) when (CrashOf(error) && crashes++ == 0)
                {
                    bench.Store.Process.Restart();
                }
            }
            Assert.Equal(Expected, output);
            // At least once each, and one crash repeats what it cut off, never all.
            Assert.Equal(9, bench.Runs.Count);
            Assert.InRange(bench.Runs.Values.Sum(), 9, 9 + (crashes * 5));
            Assert.Contains("jobs/job-1/end", bench.Names("jobs/"));
            if (!befell)
            {
                Assert.True(point > 10, $"only {point} operations");
                return;
            }
        }
        Assert.Fail("The job never ran without its fault.");
    }

    [Fact]
    public async Task A_job_that_crashes_at_every_second_write_comes_to_its_end()
    {
        var bench = new Bench();
        for (var starts = 1; ; starts++)
        {
            var puts = 0;
            // Two writes a life: the one that takes the job up and one that goes on.
            bench.Store.Process.Faults = operation =>
                operation.Kind == StoreOperationKind.Put && ++puts == 3
                    ? StoreFault.CrashAfter : StoreFault.None;
            try
            {
                var runner = bench.Runner(Whole, Inner);
                await runner.StartAsync(Bench.Main, 2, "job-1");
                Assert.Equal(Expected, await runner.RunToEndAsync(Bench.Main, "job-1"));
                Assert.InRange(starts, 3, 20);
                return;
            }
            catch (Exception error) when (CrashOf(error) && starts < 20)
            {
                bench.Store.Process.Restart();
            }
        }
    }

    private static bool CrashOf(Exception error) => error is SimulatedCrashException;

    private static StoreFault FaultOf(StoreFaultKind kind) => kind switch
    {
        StoreFaultKind.CrashBefore => StoreFault.CrashBefore,
        StoreFaultKind.CrashAfter => StoreFault.CrashAfter,
        StoreFaultKind.FailBefore => StoreFault.FailBefore,
        _ => StoreFault.LoseAnswer,
    };
}
