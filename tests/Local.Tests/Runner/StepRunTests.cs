using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.LocalTests.Runner;

public sealed class StepRunTests
{
    private readonly Bench _bench = new();

    private async Task<string> RunAsync(Func<IFlowContext, int, Task<string>> flow, string id = "job")
    {
        var runner = _bench.Runner(flow);
        await runner.StartAsync(Bench.Main, 1, id);
        return await runner.RunToEndAsync(Bench.Main, id);
    }

    [Fact]
    public async Task Two_hundred_steps_side_by_side_are_bounded_and_all_counted()
    {
        int running = 0, most = 0;
        _bench.Body = async (input, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return input;
        };
        var sum = await RunAsync(async (context, _) =>
            $"{(await Task.WhenAll(Enumerable.Range(1, 200).Select(n =>
                context.RunStepAsync(Bench.Square, n)))).Sum()}");
        Assert.Equal("20100", sum);
        Assert.Equal(200, _bench.Runs.Count);
        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public async Task What_ends_while_a_record_is_written_shares_the_next_one()
    {
        var pause = new StorePause();
        var stalled = 0;
        _bench.Store.Process.Faults = operation =>
            operation.Name.Contains("/journal/", StringComparison.Ordinal)
            && operation.Kind == StoreOperationKind.Put && stalled++ == 0
                ? StoreFault.PauseBefore(pause) : StoreFault.None;
        var ended = 0;
        _bench.Body = (input, _) =>
        {
            // The first record waits until the last step has ended.
            if (Interlocked.Increment(ref ended) == 200)
                pause.Reached.GetAwaiter().OnCompleted(pause.Resume);
            return Task.FromResult(input);
        };
        await RunAsync(async (context, _) =>
            $"{(await Task.WhenAll(Enumerable.Range(1, 200).Select(n =>
                context.RunStepAsync(Bench.Square, n)))).Length}");
        Assert.InRange(stalled, 1, 20);
    }

    [Fact]
    public async Task The_winner_of_a_race_is_the_same_after_a_crash()
    {
        async Task<string> Race(IFlowContext context, int input)
        {
            var left = Enumerable.Range(1, 20)
                .Select(n => context.RunStepAsync(Bench.Square, n)).ToList();
            var order = new List<int>();
            while (left.Count > 0)
            {
                var first = await Task.WhenAny(left);
                left.Remove(first);
                order.Add(await first);
            }
            await context.RunStepAsync(Bench.Square, 99);
            return string.Join(',', order);
        }
        string? before = null;
        _bench.Body = async (input, _) =>
        {
            if (input == 99 && before is null)
            {
                before = "reached";
                _bench.Store.Process.Crash();
            }
            await Task.Yield();
            return input;
        };
        await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(Race));
        Assert.Equal("reached", before);
        _bench.Store.Process.Restart();
        // The order that the journal holds, read from the records themselves.
        var journaled = _bench.Names("jobs/job/journal/").SelectMany(name =>
            System.Text.Json.JsonDocument.Parse(_bench.Store.Peek(name)!).RootElement
                .GetProperty("events").EnumerateArray()
                .Select(item => item.GetProperty("value").GetString())).ToList();
        Assert.Equal(20, journaled.Count);
        Assert.Equal(string.Join(',', journaled), await RunAsync(Race));
        Assert.All(Enumerable.Range(1, 20), n => Assert.Equal(1, _bench.Runs[n]));
    }

    [Fact]
    public async Task A_step_that_may_pass_is_tried_again_and_one_that_may_not_is_not()
    {
        _bench.Body = (input, _) => (input, _bench.Runs[input]) switch
        {
            (1, < 3) => throw new StoreBusyException("x", "busy"),
            (2, _) => throw new IOException("the disk is gone"),
            (3, _) => throw new RefusedException("nonsense", "No."),
            (4, _) => throw new InvalidOperationException("a bug"),
            _ => Task.FromResult(input),
        };
        var output = await RunAsync(async (context, _) =>
        {
            var said = new List<string>();
            for (var n = 1; n <= 4; n++)
            {
                try
                {
                    said.Add($"{await context.RunStepAsync(Bench.Square, n)}");
                }
                catch (StepFailedException error)
                {
                    said.Add($"{error.Step}:{error.Code}:{error.Message}");
                }
            }
            return string.Join('|', said);
        });
        Assert.Equal(
            "1|Square:io:the disk is gone|Square:refused-nonsense:No.|Square:internal:a bug", output);
        Assert.Equal(
            [3, Retries.MostAttempts, 1, 1], Enumerable.Range(1, 4).Select(n => _bench.Runs[n]));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value)
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
