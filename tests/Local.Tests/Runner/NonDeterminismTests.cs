using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.LocalTests.Runner;

public sealed class NonDeterminismTests
{
    private readonly Bench _bench = new();

    /// <summary>Runs one code until its step 99 hangs, then the other over the same journal.</summary>
    private async Task<NonDeterministicFlowException> ReplayAsync(
        Func<IFlowContext, int, Task<string>> before, Func<IFlowContext, int, Task<string>> after)
    {
        var hung = new TaskCompletionSource();
        _bench.Body = async (input, stop) =>
        {
            if (input == 99)
            {
                hung.TrySetResult();
                await Task.Delay(Timeout.Infinite, stop);
            }
            return input;
        };
        using var stop = new CancellationTokenSource();
        var first = _bench.Runner(before);
        await first.StartAsync(Bench.Main, 1, "job");
        var run = first.RunToEndAsync("job", stop.Token);
        await hung.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        var journal = _bench.Store.Fingerprint("jobs/");
        var second = _bench.Runner(after);
        var error = await Assert.ThrowsAsync<NonDeterministicFlowException>(
            () => second.RunToEndAsync("job"));
        Assert.Equal(journal, _bench.Store.Fingerprint("jobs/"));
        Assert.Equal(JobState.Running, (await second.GetAsync("job"))!.State);
        Assert.Equal("job", error.InstanceId);
        Assert.Contains($"call {error.Call}", error.Message, StringComparison.Ordinal);

        // With the code put back the job goes on from where it stood.
        _bench.Body = (input, _) => Task.FromResult(input);
        var ran = _bench.Runs[1];
        Assert.Equal("done", await _bench.Runner(before).RunToEndAsync(Bench.Main, "job"));
        Assert.Equal(ran, _bench.Runs[1]);
        return error;
    }

    private static async Task<string> TwoSteps(IFlowContext context, int input)
    {
        await context.RunStepAsync(Bench.Square, 1);
        await context.RunStepAsync(Bench.Square, 2);
        await context.RunStepAsync(Bench.Square, 99);
        return "done";
    }

    [Fact]
    public async Task A_changed_order_of_steps_fails_on_replay()
    {
        var error = await ReplayAsync(TwoSteps, async (context, _) =>
        {
            await context.RunStepAsync(Bench.Square, 2);
            await context.RunStepAsync(Bench.Square, 1);
            await context.RunStepAsync(Bench.Square, 99);
            return "done";
        });
        Assert.Equal("1", error.Call);
    }

    [Fact]
    public async Task Another_branch_on_replay_fails()
    {
        // What a random number does to a flow, without the chance that it does not.
        var branch = 0;
        async Task<string> Branching(IFlowContext context, int input)
        {
            await context.RunStepAsync(Bench.Square, 1);
            if (branch++ % 2 == 0)
                await context.RunStepAsync(Bench.Square, 2);
            else
                await context.DelayUntilAsync(context.UtcNow);
            await context.RunStepAsync(Bench.Square, 99);
            return "done";
        }
        var error = await ReplayAsync(Branching, Branching);
        Assert.Equal("2", error.Call);
        Assert.Contains("step 'Square'", error.Expected, StringComparison.Ordinal);
        Assert.Contains("delay", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_taken_from_the_clock_fails_on_replay()
    {
        // A clock that differs at every look; the first life's steps are finished in the journal.
        var clock = 1;
        async Task<string> Clocked(IFlowContext context, int input)
        {
            await context.RunStepAsync(Bench.Square, 1);
            await context.RunStepAsync(Bench.Square, 1000 + (clock++ % 2));
            await context.RunStepAsync(Bench.Square, 99);
            return "done";
        }
        Assert.Equal("2", (await ReplayAsync(Clocked, Clocked)).Call);
    }

    [Fact]
    public async Task A_flow_that_ends_before_its_journal_does_fails()
    {
        var error = await ReplayAsync(TwoSteps, async (context, _) =>
        {
            await context.RunStepAsync(Bench.Square, 1);
            return "done";
        });
        Assert.Contains("end", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flow_that_makes_a_further_call_on_replay_fails() =>
        await ReplayAsync(TwoSteps, async (context, _) =>
        {
            var extra = context.RunStepAsync(Bench.Square, 1);
            await context.RunStepAsync(Bench.Square, 2);
            await extra;
            await context.RunStepAsync(Bench.Square, 99);
            return "done";
        });

    [Fact]
    public async Task Catching_the_error_does_not_hide_it() =>
        await ReplayAsync(TwoSteps, async (context, _) =>
        {
            try
            {
                await context.RunStepAsync(Bench.Square, 7);
            }
            catch (NonDeterministicFlowException)
            {
                return "hidden";
            }
            return "done";
        });

    [Fact]
    public async Task Awaiting_a_delay_of_the_runtime_fails_at_once()
    {
        // It never ends: one that did could end before it is awaited, or be told of by its end.
        using var over = new CancellationTokenSource();
        var runner = _bench.Runner(async (context, _) =>
        {
            await context.RunStepAsync(Bench.Square, 1);
            await Task.Delay(Timeout.Infinite, over.Token);
            return "done";
        });
        await runner.StartAsync(Bench.Main, 1, "job");
        var error = await Assert.ThrowsAsync<NonDeterministicFlowException>(
            () => runner.RunToEndAsync("job"));
        Assert.Contains("did not return", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Awaiting_a_foreign_task_beside_a_step_fails_too()
    {
        // The step never ends: only the foreign task's own continuation can tell. That ends when the
        // step has begun, and so after the flow has come to its await.
        var begun = new TaskCompletionSource();
        _bench.Body = async (input, stop) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            return input;
        };
        var runner = _bench.Runner(async (context, _) =>
        {
            var step = context.RunStepAsync(Bench.Square, 1);
            await Task.Run(() => begun.Task);
            return $"{await step}";
        });
        await runner.StartAsync(Bench.Main, 1, "job");
        var error = await Assert.ThrowsAsync<NonDeterministicFlowException>(
            () => runner.RunToEndAsync("job"));
        Assert.Contains("foreign", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_the_flows_thread_fails()
    {
        var runner = _bench.Runner(async (context, _) =>
        {
            await context.RunStepAsync(Bench.Square, 1).ConfigureAwait(false);
            await context.RunStepAsync(Bench.Square, 2);
            return "done";
        });
        await runner.StartAsync(Bench.Main, 1, "job");
        await Assert.ThrowsAsync<NonDeterministicFlowException>(() => runner.RunToEndAsync("job"));
    }
}
