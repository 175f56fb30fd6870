using System.Reflection;
using System.Text.Json;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.AppTests.Replay;
using SnapshotFunctions.AppTests.Rigging;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Outcomes;
using SnapshotFunctions.TestShared.Machines;
using Xunit;

namespace SnapshotFunctions.AppTests.Durable;

/// <summary>
/// A history of an ingest, recorded and committed: what the flow does must stay what the history
/// says, or get a new version. To record it anew: SNAPSHOTS_RECORD=1, and raise defaultVersion.
/// </summary>
public sealed class RecordedHistoryTests
{
    private const string File = "ingest-1.0.json";
    private const int Seed = 20261123;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    [Fact]
    public async Task The_flow_does_what_the_recorded_history_says()
    {
        var found = await RecordAsync();
        if (Environment.GetEnvironmentVariable("SNAPSHOTS_RECORD") is "1")
        {
            var folder = typeof(RecordedHistoryTests).Assembly
                .GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(a => a.Key == "ProjectFolder").Value!;
            await System.IO.File.WriteAllTextAsync(
                Path.Combine(folder, "data", File),
                JsonSerializer.Serialize(found, Json).ReplaceLineEndings("\n") + "\n");
        }
        var recorded = Load();
        Assert.Equal(recorded.Select(i => i.Id), found.Select(i => i.Id));
        foreach (var (expected, actual) in recorded.Zip(found))
            Assert.Equal(expected.History, actual.History);
    }

    /// <summary>
    /// The earlier one is of before a new machine was made by a look of its own: what a step
    /// answers leads to the next, so that jobs from then go on under the same version.
    /// </summary>
    [Theory]
    [InlineData(File)]
    [InlineData("ingest-1.0-earlier.json")]
    public void The_recorded_history_is_replayed_to_its_end(string file)
    {
        var host = new AppRig().Host();
        foreach (var recorded in Load(file))
        {
            var replayed = host.Replay(recorded);
            Assert.Equal(recorded.Output, replayed.Output);
            Assert.Equal(recorded.Status, replayed.Status);
        }
    }

    [Fact]
    public void A_flow_with_one_step_added_does_not_fit_the_recorded_history()
    {
        var rig = new AppRig();
        var host = rig.Host(new FlowCatalog(WithOneStepMore(rig.Flows)));
        var error = Assert.Throws<NonDeterministicException>(() => host.Replay(Load()[0]));
        Assert.Contains("SurveySnapshot", error.Message, StringComparison.Ordinal);
        Assert.Contains("OneMore", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_a_new_version_the_changed_flow_leaves_running_jobs_alone()
    {
        var rig = new AppRig();
        var catalog = new FlowCatalog(rig.Flows).Add(
            new Version(1, 1),
            WithOneStepMore(rig.Flows).Single(f => f.Name == FlowNames.Ingest.Name));
        var host = rig.Host(catalog);
        var recorded = Load()[0];
        Assert.Equal(recorded.Output, host.Replay(recorded).Output);

        var newer = host.Start(FlowNames.Ingest.Name, Input(rig), "newer", version: "1.1");
        var error = await Assert.ThrowsAsync<KeyNotFoundException>(async () =>
        {
            // The rig has no such step: that it is asked for shows that the new code runs.
            await host.RunAsync(newer);
            throw new KeyNotFoundException(newer.Error);
        });
        Assert.Contains("OneMore", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_that_is_cut_anywhere_is_gone_on_with()
    {
        var whole = (await RecordAsync())[0];
        var host = new AppRig().Host();
        for (var length = 0; length < whole.History.Count; length++)
        {
            var cut = new Instance
            {
                Id = whole.Id, Name = whole.Name, Version = whole.Version, Input = whole.Input,
                Started = whole.Started, History = whole.History[..length],
            };
            // Actions of one episode are written down together; a cut between them is none.
            if (length > 0 && whole.History[length - 1].Kind <= EntryKind.Sent
                && whole.History[length].Kind <= EntryKind.Sent) continue;
            Assert.False(host.Replay(cut).HasEnded);
        }
    }

    private static async Task<List<Instance>> RecordAsync()
    {
        var rig = new AppRig();
        var host = rig.Host();
        var root = await host.RunAsync(
            host.Start(FlowNames.Ingest.Name, Input(rig), "ingest-vm-recorded"));
        Assert.Null(root.Error);
        Assert.Contains(rig.Outcomes.Events, e => e.Type == OutcomeKinds.SnapshotProtected);
        return [.. host.Instances.Values];
    }

    private static string Input(AppRig rig)
    {
        var bytes = new byte[80_000];
        new Random(Seed).NextBytes(bytes.AsSpan(0, 40_000));
        rig.Sources.Add("disk0.raw", bytes);
        return JsonSerializer.Serialize(
            new IngestInput("vm", [new IngestDisk("disk0.raw", "disk0", "raw")]),
            FlowNames.Ingest.Input);
    }

    private static List<Instance> Load(string file = File) =>
        JsonSerializer.Deserialize<List<Instance>>(
        System.IO.File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "data", file)), Json)!;

    private static List<Flow> WithOneStepMore(IReadOnlyList<Flow> flows) =>
        [.. flows.Select(f => f.Name == FlowNames.Ingest.Name ? new OneMore(f) : f)];

    /// <summary>A flow as it is, with one step before it.</summary>
    private sealed class OneMore(Flow inner) : Flow
    {
        public override string Name => inner.Name;

        public override async Task<string> RunJsonAsync(IFlowContext context, string input)
        {
            await context.RunStepAsync(Code.StepName("OneMore"), "more");
            return await inner.RunJsonAsync(context, input);
        }
    }
}
