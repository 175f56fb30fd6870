using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.TestShared.Time;
using Xunit;

namespace SnapshotFunctions.LocalTests.Runner;

public sealed class LocalRunnerTests
{
    private readonly Bench _bench = new();

    [Fact]
    public async Task A_failed_flow_stays_failed_and_says_why()
    {
        _bench.Body = (_, _) => throw new RefusedException("nonsense", "No.");
        var runner = _bench.Runner(async (context, n) =>
            $"{await context.RunStepAsync(Bench.Square, n)}");
        await runner.StartAsync(Bench.Main, 1, "job", "vm-1");
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<StepFailedException>(
                () => runner.RunToEndAsync("job"));
            Assert.Equal(("Main", "refused-nonsense"), (error.Step, error.Code));
        }
        var job = (await runner.GetAsync("job"))!;
        Assert.Equal(
            (JobState.Failed, "vm-1", "refused-nonsense", "No."),
            (job.State, job.Subject, job.ErrorCode, job.ErrorMessage));
        Assert.Equal(1, _bench.Runs[1]);
    }

    [Fact]
    public async Task Who_looks_for_jobs_that_run_reads_nothing_of_those_that_have_ended()
    {
        var runner = _bench.Runner((_, n) => Task.FromResult($"{n}"));
        for (var i = 0; i < 20; i++)
        {
            await runner.StartAsync(Bench.Main, i, $"ended-{i}");
            await runner.RunToEndAsync(Bench.Main, $"ended-{i}");
        }
        await runner.StartAsync(Bench.Main, 20, "running", "vm-1");
        var before = _bench.Store.Counters;
        var job = Assert.Single(await runner.ListRunningAsync());
        Assert.Equal(("running", "vm-1"), (job.InstanceId, job.Subject));
        Assert.Equal(2, _bench.Store.Counters.Since(before).Operations);
        Assert.Equal(21, (await runner.ListAsync()).Count);
    }

    [Fact]
    public async Task An_event_reaches_the_wait_for_it_and_a_wait_ends_without_one()
    {
        var bench = new Bench { Time = new ManualTimeProvider() };
        var reached = new TaskCompletionSource();
        var runner = bench.Runner(async (context, _) =>
        {
            var far = context.UtcNow.AddDays(90);
            var first = await context.WaitForEventAsync("go", RunnerJson.Default.Int32, far);
            var second = await context.WaitForEventAsync("go", RunnerJson.Default.Int32, far);
            context.Report(new FlowProgress("waiting", 1, 2, "waits"));
            reached.TrySetResult();
            var none = await context.WaitForEventAsync(
                "never", RunnerJson.Default.String, context.UtcNow.AddHours(1));
            return $"{first} {second} {none ?? "nothing"}";
        });
        await runner.StartAsync(Bench.Main, 1, "job");
        // One before the run, one while it waits: both are kept, and in order.
        await runner.RaiseEventAsync("job", "go", 7, RunnerJson.Default.Int32);
        var run = runner.RunToEndAsync(Bench.Main, "job");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await runner.RaiseEventAsync("job", "go", 8, RunnerJson.Default.Int32);
        await reached.Task;
        Assert.Equal("waiting", (await runner.GetAsync("job"))!.Progress!.Phase);
        // The timer is set at some moment after the report; moving on until it rings is enough.
        while (!run.IsCompleted)
        {
            bench.Time.Advance(TimeSpan.FromMinutes(10));
            await Task.Yield();
        }
        Assert.Equal("7 8 nothing", await run);
        Assert.Empty(bench.Names("jobs/job/raised/"));
    }

    [Fact]
    public async Task A_wait_for_an_event_ends_when_the_job_is_asked_to_and_a_later_one_does_not()
    {
        var bench = new Bench { Time = new ManualTimeProvider() };
        var waits = 0;
        async Task<string> Wait(IFlowContext context, int input)
        {
            Interlocked.Increment(ref waits);
            var first = await context.WaitForEventAsync(
                "go", RunnerJson.Default.String, context.UtcNow.AddDays(90));
            var asked = context.IsCancelRequested;
            var second = await context.WaitForEventAsync(
                "go", RunnerJson.Default.String, context.UtcNow.AddDays(90));
            return $"{first ?? "nothing"} {asked} {second}";
        }
        var runner = bench.Runner(Wait);
        await runner.StartAsync(Bench.Main, 1, "job");
        using (var stop = new CancellationTokenSource())
        {
            var run = runner.RunToEndAsync(Bench.Main, "job", stop.Token);
            while (Volatile.Read(ref waits) == 0) await Task.Yield();
            await runner.RequestCancelAsync("job");
            while (!bench.Names("jobs/job/journal/").Any()) await Task.Yield();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }
        // Another process replays the wait that had ended, and waits on.
        var later = bench.Runner(Wait);
        await later.RaiseEventAsync("job", "go", "late", RunnerJson.Default.String);
        Assert.Equal("nothing True late", await later.RunToEndAsync(Bench.Main, "job"));
    }

    [Fact]
    public async Task A_request_to_cancel_by_another_process_reaches_the_flow()
    {
        var bench = new Bench
        {
            Options = new LocalRunnerOptions { PollEvery = TimeSpan.FromSeconds(5) },
            Time = new ManualTimeProvider(),
        };
        async Task<string> Patient(IFlowContext context, int input)
        {
            while (!context.IsCancelRequested)
                await context.DelayUntilAsync(context.UtcNow.AddSeconds(10));
            throw new OperationCanceledException();
        }
        var runner = bench.Runner(Patient);
        await runner.StartAsync(Bench.Main, 1, "job");
        var run = runner.RunToEndAsync("job");
        await bench.Runner(Patient).RequestCancelAsync("job");
        while (!run.IsCompleted)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await Assert.ThrowsAsync<JobCancelledException>(() => run);
        Assert.Equal(JobState.Cancelled, (await runner.GetAsync("job"))!.State);
        // Asking a job that has ended changes nothing.
        await runner.RequestCancelAsync("job");
        Assert.DoesNotContain("jobs/job/cancel", bench.Names("jobs/"));
    }

    [Fact]
    public async Task Of_two_runners_on_one_job_the_earlier_stops()
    {
        var gate = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        _bench.Body = async (input, _) =>
        {
            entered.TrySetResult();
            await gate.Task;
            return input;
        };
        async Task<string> Flow(IFlowContext context, int input) =>
            $"{await context.RunStepAsync(Bench.Square, 1)}{await context.RunStepAsync(Bench.Square, 2)}";
        var first = _bench.Runner(Flow);
        await first.StartAsync(Bench.Main, 1, "job");
        var stalled = first.RunToEndAsync("job");
        await entered.Task;
        _bench.Body = (input, _) => Task.FromResult(input);
        Assert.Equal("12", await _bench.Runner(Flow).RunToEndAsync(Bench.Main, "job"));
        // Even now that the job has ended and its records are deleted, the stalled one is stopped.
        gate.SetResult();
        await Assert.ThrowsAsync<OvertakenException>(() => stalled);
        Assert.Equal(1, _bench.Runs[2]);
    }

    [Fact]
    public async Task All_unfinished_jobs_of_a_subject_are_resumed()
    {
        static async Task<string> Flow(IFlowContext context, int n) =>
            $"{await context.RunStepAsync(Bench.Square, n)}";
        var first = _bench.Runner(Flow);
        for (var n = 1; n <= 4; n++)
            await first.StartAsync(Bench.Main, n, $"job-{n}", n % 2 == 0 ? "even" : "odd");
        await first.RunToEndAsync("job-2");
        var second = _bench.Runner(Flow);
        var one = Assert.Single(await second.ResumeAllAsync("even"));
        Assert.Null(one.Trouble);
        Assert.Equal(("job-4", "\"16\""), (one.Job.InstanceId, one.Job.Output));
        Assert.Equal(2, (await second.ResumeAllAsync()).Count);
        Assert.All(await second.ListAsync(), job => Assert.Equal(JobState.Completed, job.State));
        Assert.Empty(await second.ResumeAllAsync());
    }

    [Fact]
    public async Task A_sub_flow_has_its_own_numbers_and_its_failure_is_the_callers()
    {
        var ids = new List<string>();
        var runner = _bench.Runner(
            async (context, _) =>
            {
                await context.RunStepAsync(Bench.Square, 1);
                var both = await Task.WhenAll(
                    context.RunFlowAsync(Bench.Child, 2), context.RunFlowAsync(Bench.Child, 3));
                try
                {
                    await context.RunFlowAsync(Bench.Child, -1);
                }
                catch (StepFailedException error)
                {
                    return $"{string.Join(',', both)} {error.Step}:{error.Code}";
                }
                return "no error";
            },
            async (context, n) =>
            {
                ids.Add(context.InstanceId);
                return n < 0
                    ? throw new RefusedException("negative", "No.")
                    : $"{await context.RunStepAsync(Bench.Square, n)}";
            });
        await runner.StartAsync(Bench.Main, 1, "job");
        Assert.Equal("4,9 Child:refused-negative", await runner.RunToEndAsync(Bench.Main, "job"));
        Assert.Equal(["job:2", "job:3", "job:4"], ids);
    }

    [Fact]
    public async Task A_sub_flow_that_ended_is_not_run_again()
    {
        var children = 0;
        async Task<string> Flow(IFlowContext context, int input)
        {
            var inner = await context.RunFlowAsync(Bench.Child, 2);
            return $"{inner} {await context.RunStepAsync(Bench.Square, 99)}";
        }
        async Task<string> Inner(IFlowContext context, int n)
        {
            children++;
            return $"{await context.RunStepAsync(Bench.Square, n)}";
        }
        _bench.Body = (input, _) =>
        {
            if (input == 99 && _bench.Runs[99] == 1)
                _bench.Store.Process.Crash();
            return Task.FromResult(input);
        };
        var runner = _bench.Runner(Flow, Inner);
        await runner.StartAsync(Bench.Main, 1, "job");
        await Assert.ThrowsAnyAsync<Exception>(() => runner.RunToEndAsync("job"));
        _bench.Store.Process.Restart();
        Assert.Equal("2 99", await _bench.Runner(Flow, Inner).RunToEndAsync(Bench.Main, "job"));
        Assert.Equal((1, 1), (children, _bench.Runs[2]));
    }

    [Fact]
    public async Task Only_the_newest_finished_jobs_stay_listed()
    {
        var bench = new Bench
        {
            Options = new LocalRunnerOptions
            {
                MaxFinishedJobs = 3, PollEvery = Timeout.InfiniteTimeSpan,
            },
        };
        var runner = bench.Runner(async (context, n) =>
            $"{await context.RunStepAsync(Bench.Square, n)}");
        await runner.StartAsync(Bench.Main, 1, "unfinished");
        for (var n = 1; n <= 6; n++)
        {
            await runner.StartAsync(Bench.Main, n, $"job-{n}");
            await runner.RunToEndAsync($"job-{n}");
        }
        Assert.Equal(
            ["job-4", "job-5", "job-6", "unfinished"],
            (await runner.ListAsync()).Select(job => job.InstanceId).Order(StringComparer.Ordinal));
        // Start, end and the one record that guards each; the start of the unfinished.
        Assert.Equal(10, bench.Names("jobs/").Count());
    }

    [Fact]
    public async Task Inputs_and_results_above_16_KB_are_refused()
    {
        var runner = _bench.Runner((_, _) => Task.FromResult(new string('x', 17_000)));
        var long17 = "\"" + new string('x', 17_000) + "\"";
        var error = await Assert.ThrowsAsync<PayloadTooLargeException>(
            () => runner.StartAsync("Main", long17, "big"));
        Assert.Equal(17_002, error.LengthBytes);
        await runner.StartAsync(Bench.Main, 1, "job");
        var failed = await Assert.ThrowsAsync<StepFailedException>(() => runner.RunToEndAsync("job"));
        Assert.Equal("payload-too-large", failed.Code);
    }

    [Fact]
    public async Task Starting_twice_is_once_and_another_job_of_the_same_id_is_refused()
    {
        var runner = _bench.Runner((_, n) => Task.FromResult($"{n}"));
        Assert.True(await runner.StartAsync(Bench.Main, 1, "job"));
        Assert.False(await runner.StartAsync(Bench.Main, 1, "job"));
        await Assert.ThrowsAsync<RefusedException>(() => runner.StartAsync(Bench.Main, 2, "job"));
        await Assert.ThrowsAsync<RefusedException>(() => runner.StartAsync(Bench.Main, 1, "A/b"));
        await Assert.ThrowsAsync<NoSuchException>(() => runner.RunToEndAsync("other"));
        Assert.Equal("1", await runner.RunToEndAsync(Bench.Main, "job"));
    }
}
