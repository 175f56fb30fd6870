using SnapshotFunctions.App.Durable;
using SnapshotFunctions.AppTests.Replay;
using SnapshotFunctions.AppTests.Rigging;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.AppTests.Durable;

/// <summary>The engine's contract of a flow's context, held over a Durable orchestration.</summary>
public sealed class FlowContextTests
{
    private readonly Dictionary<string, int> _runs = new(StringComparer.Ordinal);
    private Func<string, int, StepAnswer> _answer = (input, _) => new StepAnswer(input);
    private int _deaths;

    [Fact]
    public async Task A_bad_image_is_not_tried_again_and_keeps_its_code_and_words()
    {
        _answer = (_, _) => StepAnswer.Of(new InvalidImageException("truncated", "a.qcow2", "x", "y"));
        var ended = await RunAsync(Code.Step("Look"));
        Assert.Equal(1, _runs["Look"]);
        Assert.StartsWith("[image-truncated] a.qcow2: expected x, found y", ended.Error);
        var report = JobReport.Parse(ended.Status);
        Assert.Equal("image-truncated", report.ErrorCode);
        Assert.StartsWith("a.qcow2", report.ErrorMessage);
    }

    [Theory]
    [InlineData("store-busy")]
    [InlineData("overtaken")]
    [InlineData("io")]
    public async Task What_may_pass_is_tried_six_times_with_growing_waits(string code)
    {
        _answer = (_, _) => new StepAnswer(null, code, "busy");
        var ended = await RunAsync(Code.Step("Look"));
        Assert.Equal(Retries.MostAttempts, _runs["Look"]);
        Assert.StartsWith($"[{code}]", ended.Error);
        var waits = ended.History.Where(e => e.Kind == EntryKind.Timer)
            .Select(e => DateTime.Parse(e.Value!, null, System.Globalization.DateTimeStyles.RoundtripKind) - e.Time)
            .ToList();
        Assert.Equal(5, waits.Count);
        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits[4], TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(17));
    }

    [Fact]
    public async Task A_store_that_asks_to_wait_is_given_the_time()
    {
        _answer = (input, run) => run > 1
            ? new StepAnswer(input)
            : StepAnswer.Of(new StoreBusyException("a", "busy", TimeSpan.FromMinutes(7)));
        var before = DateTime.MinValue;
        var ended = await RunAsync(Code.Step("Look"));
        before = ended.Started;
        Assert.Null(ended.Error);
        Assert.True(ended.History[^1].Time - before > TimeSpan.FromMinutes(7));
    }

    [Fact]
    public async Task A_worker_that_died_is_tried_again()
    {
        _deaths = 2;
        var ended = await RunAsync(Code.Step("Look"));
        Assert.Equal("\"in\"", ended.Output);
        Assert.Equal(2, ended.History.Count(e => e.Kind == EntryKind.Failed));
    }

    [Fact]
    public async Task A_worker_that_always_dies_ends_the_step_with_a_code_of_its_own()
    {
        _deaths = int.MaxValue;
        var ended = await RunAsync(Code.Step("Look"));
        Assert.StartsWith("[worker-lost] dotnet exited with code 137", ended.Error);
        Assert.Equal(
            Retries.MostAttempts, ended.History.Count(e => e.Kind == EntryKind.Failed));
    }

    [Fact]
    public async Task A_part_fails_with_the_code_of_its_step_and_has_an_id_of_its_own()
    {
        _answer = (_, _) => StepAnswer.Of(new RefusedException("disks", "Too many."));
        var host = Host(Code.Flow("Main", async (c, i) =>
        {
            try
            {
                return await c.RunFlowAsync(Code.Name("Child"), i);
            }
            catch (StepFailedException error)
            {
                return $"{error.Step} {error.Code} {error.Message}";
            }
        }), Code.Flow("Child", (c, i) => c.RunStepAsync(Code.StepName("Look"), i)));
        var ended = await host.RunAsync(host.Start("Main", "\"in\"", "job"));
        Assert.Equal("\"Child refused-disks Too many.\"", ended.Output);
        Assert.Equal(["job", "job:1"], host.Instances.Keys);
        Assert.Null(host.Instances["job:1"].Error);
        Assert.Equal("1.0", host.Instances["job:1"].Version);
    }

    [Fact]
    public async Task A_wish_to_cancel_reaches_the_flow_and_the_parts_that_run_and_that_follow()
    {
        var host = Host(
            Code.Flow("Main", async (c, i) =>
            {
                var first = await c.RunFlowAsync(Code.Name("Child"), i);
                var second = await c.RunFlowAsync(Code.Name("Child"), i);
                return $"{c.IsCancelRequested} {first} {second}";
            }),
            Code.Flow("Child", async (c, i) =>
            {
                var before = c.IsCancelRequested;
                await c.DelayUntilAsync(c.UtcNow.AddHours(1));
                return $"{before} to {c.IsCancelRequested}";
            }));
        var root = host.Start("Main", "\"in\"", "job");
        host.OnEntry = (instance, entry) =>
        {
            if (instance.Id == "job:1" && entry.Kind == EntryKind.Timer)
                host.Raise("job", DurableFlowContext.CancelEvent);
        };
        await host.RunAsync(root);
        Assert.Equal("\"True False to True True to True\"", root.Output);
    }

    [Fact]
    public async Task A_job_that_ends_because_it_was_asked_to_says_so()
    {
        var host = Host(Code.Flow("Main", async (c, i) =>
        {
            while (!c.IsCancelRequested) await c.DelayUntilAsync(c.UtcNow.AddMinutes(1));
            throw new OperationCanceledException("It was asked to end.");
        }));
        var root = host.Start("Main", "\"in\"", "job");
        host.Raise("job", DurableFlowContext.CancelEvent);
        await host.RunAsync(root);
        Assert.Equal("canceled", JobReport.Parse(root.Status).ErrorCode);
        Assert.True(JobReport.Parse(root.Status).CancelRequested);
        var row = root.History.Single(
            e => e.Kind == EntryKind.Activity && e.Name == OrchestrationRunner.RecordJob).Value!;
        Assert.Contains("\"state\":\"cancelled\"", row, StringComparison.Ordinal);
        Assert.Contains("\"machine\":\"vm\"", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_ends_a_wait_and_so_does_its_time()
    {
        var host = Host(Code.Flow("Main", async (c, i) =>
        {
            var first = await c.WaitForEventAsync("Go", Code.Text, c.UtcNow.AddHours(1));
            var start = c.UtcNow;
            var second = await c.WaitForEventAsync("Go", Code.Text, c.UtcNow.AddHours(1));
            var third = await c.WaitForEventAsync("Go", Code.Text, c.UtcNow.AddHours(1));
            return $"{first} {second ?? "none"} {third ?? "none"} {(c.UtcNow - start).TotalHours:F0}";
        }));
        var root = host.Start("Main", "\"in\"", "job");
        host.Raise("job", "Go", "\"one\"");
        await host.RunAsync(root);
        Assert.Equal("\"one none none 2\"", root.Output);
    }

    [Fact]
    public async Task A_wait_for_an_event_ends_when_the_job_is_asked_to_and_a_later_one_does_not()
    {
        var host = Host(Code.Flow("Main", async (c, i) =>
        {
            var start = c.UtcNow;
            var first = await c.WaitForEventAsync("Go", Code.Text, c.UtcNow.AddHours(9));
            var asked = (c.IsCancelRequested, (c.UtcNow - start).TotalHours < 9);
            var second = await c.WaitForEventAsync("Go", Code.Text, c.UtcNow.AddHours(1));
            return $"{first ?? "none"} {asked} {second ?? "none"} "
                + $"{(c.UtcNow - start).TotalHours:F0}";
        }));
        var root = host.Start("Main", "\"in\"", "job");
        host.Raise("job", DurableFlowContext.CancelEvent);
        await host.RunAsync(root);
        Assert.Equal("\"none (True, True) none 1\"", root.Output);
    }

    [Fact]
    public async Task A_job_without_a_version_has_parts_without_one()
    {
        var host = Host(
            Code.Flow("Main", (c, i) => c.RunFlowAsync(Code.Name("Child"), i)),
            Code.Flow("Child", (c, i) => Task.FromResult(i)));
        var root = await host.RunAsync(host.Start("Main", "\"in\"", "job", version: null));
        Assert.Equal("\"in\"", root.Output);
        Assert.Null(host.Instances["job:1"].Version);
    }

    [Fact]
    public async Task Progress_is_the_custom_status()
    {
        var host = Host(Code.Flow("Main", async (c, i) =>
        {
            c.Report(new FlowProgress("working", 3, 7, "shards"));
            return await c.RunStepAsync(Code.StepName("Look"), i);
        }));
        var root = await host.RunAsync(host.Start("Main", "\"in\"", "job"));
        Assert.Equal(
            new FlowProgress("working", 3, 7, "shards"), JobReport.Parse(root.Status).Progress);
    }

    [Fact]
    public async Task An_input_over_sixteen_kilobytes_is_refused_before_it_is_sent()
    {
        var host = Host(Code.Flow(
            "Main", (c, i) => c.RunStepAsync(Code.StepName("Look"), new string('x', 17_000))));
        var root = await host.RunAsync(host.Start("Main", "\"in\"", "job"));
        Assert.StartsWith("[payload-too-large]", root.Error);
        Assert.Empty(_runs);
    }

    [Fact]
    public async Task Steps_side_by_side_all_run_and_their_order_is_replayed()
    {
        var host = Host(Code.Flow("Main", async (c, i) => string.Join(
            ',', await Task.WhenAll(Enumerable.Range(0, 64).Select(
                n => c.RunStepAsync(Code.StepName($"S{n}"), $"{n}"))))));
        var root = await host.RunAsync(host.Start("Main", "\"in\"", "job"));
        Assert.Equal($"\"{string.Join(',', Enumerable.Range(0, 64))}\"", root.Output);
        Assert.All(_runs, r => Assert.Equal(1, r.Value));
    }

    private async Task<Instance> RunAsync(Flow flow)
    {
        var host = Host(flow);
        return await host.RunAsync(host.Start(flow.Name, "\"in\"", "job"));
    }

    private ReplayHost Host(params Flow[] flows) => new(new FlowCatalog(flows), (name, input) =>
    {
        if (name == OrchestrationRunner.RecordJob) return Task.FromResult("{\"output\":\"true\"}");
        if (_deaths-- > 0) throw new WorkerDiedException();
        _runs[name] = _runs.GetValueOrDefault(name) + 1;
        return Task.FromResult(_answer(input, _runs[name]).ToJson());
    });
}
