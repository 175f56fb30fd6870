using System.Text.Json;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Outcomes;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.TestShared.Intake;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Restoring;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Intake;

/// <summary>The flow that takes an upload in, and what it tells of it.</summary>
public sealed class TakeUploadTests
{
    private const int Seed = 42;

    private readonly MemoryUploads _uploads = new();
    private readonly TinySources _sources = new();
    private readonly StepServices _services;
    private readonly PlainFlowContext _context;

    public TakeUploadTests()
    {
        var time = new ManualTimeProvider(jumps: true);
        var process = new SimulatedProcess();
        SimulatedStore Store(string name) => new(new SimulatedStoreOptions
        {
            Clock = time, Process = process, Description = name,
        });
        var options = new EngineOptions
        {
            Layout = new Layout(256, 1024, 4, 4096, 16384), WindowBlocks = 3, ChunkSteps = 4,
        };
        var (first, second) = (Store("base"), Store("delta"));
        _services = new StepServices(
            first, second, new ManifestStore(first, second, new ManifestOptions(4, 8, 4, 6), time),
            _sources, time, options);
        _context = new PlainFlowContext(
            [.. EngineParts.Flows(options), .. IntakeParts.Flows()],
            [.. EngineParts.Steps(_services), .. IntakeParts.Steps(_services, _uploads)]);
    }

    [Fact]
    public async Task An_upload_becomes_a_version_and_is_gone()
    {
        var result = await TakeAsync(Add("s1", 1));
        Assert.Equal(UploadOutcome.Taken, result.Outcome);
        Assert.Equal(1, result.Ingest!.Version);
        Assert.Empty(_uploads.Standing);
        var manifest = await _services.Manifests.LoadAsync("vm", default);
        Assert.Equal("s1", manifest.Head.Versions[^1].Snapshot);
    }

    [Fact]
    public async Task What_came_later_waits_for_what_came_before()
    {
        var later = Add("a", 2);
        Add("b", 1);
        var looks = 0;
        _context.OnStepEnded = step =>
        {
            if (step == "LookAtUpload" && ++looks == 3) _uploads.Standing.Remove("vm/b/");
        };
        Assert.Equal(UploadOutcome.Taken, (await TakeAsync(later)).Outcome);
        Assert.Equal(4, looks);
        Assert.Contains(_context.Reports, r => r.Phase == "waiting for vm/b/");
    }

    [Fact]
    public async Task A_bad_one_is_put_aside_with_its_reason_and_nothing_is_stored()
    {
        var upload = _uploads.Add("vm", "bad", DateTimeOffset.UnixEpoch, "disk0.qcow2");
        _sources.Add(upload.Files[0].Source, [1, 2, 3]);
        var result = await TakeAsync(upload);
        Assert.Equal(UploadOutcome.Quarantined, result.Outcome);
        Assert.StartsWith("image-", result.Code);
        Assert.Equal(result.Code, Assert.Single(_uploads.Aside).Reason.Code);
        Assert.Equal("quarantine/vm/bad/", result.Place);
        Assert.Null(await _services.Manifests.FindAsync("vm"));
    }

    [Fact]
    public async Task A_snapshot_that_was_taken_before_is_put_aside()
    {
        await TakeAsync(Add("s1", 1));
        var result = await TakeAsync(Add("s1", 2));
        Assert.Equal("refused-snapshot-taken", result.Code);
    }

    [Fact]
    public async Task Another_state_than_the_one_seen_is_left_to_its_own_job()
    {
        var seen = Add("s1", 1);
        Add("s1", 2);
        Assert.Equal(UploadOutcome.Changed, (await TakeAsync(seen)).Outcome);
        _uploads.Standing.Clear();
        Assert.Equal(UploadOutcome.Changed, (await TakeAsync(seen)).Outcome);
    }

    [Fact]
    public async Task Several_disks_wait_for_the_note_and_hold_nobody_up()
    {
        var two = _uploads.Add("vm", "two", DateTimeOffset.UnixEpoch, "disk0.raw", "disk1.raw");
        Assert.Equal(UploadOutcome.Incomplete, (await TakeAsync(two)).Outcome);
        Assert.Equal(UploadOutcome.Taken, (await TakeAsync(Add("s1", 1))).Outcome);
        Assert.Empty(await UploadJobs.FindAsync(_uploads, null, default));
    }

    [Fact]
    public async Task A_version_is_kept_though_its_upload_cannot_be_removed_at_once()
    {
        _uploads.FailingRemovals = 3;
        Assert.Equal(UploadOutcome.Taken, (await TakeAsync(Add("s1", 1))).Outcome);
        Assert.Equal(4, _context.Steps.Count(s => s == "RemoveUpload"));
        Assert.Empty(_uploads.Aside);
    }

    [Fact]
    public async Task Jobs_come_in_order_of_arrival_and_are_named_by_the_state()
    {
        Add("b", 1);
        Add("a", 2);
        _uploads.Add("Bad name", "x", DateTimeOffset.UnixEpoch, "y.raw");
        var jobs = await UploadJobs.FindAsync(_uploads, null, default);
        Assert.Equal(["Bad name/x/", "vm/b/", "vm/a/"], jobs.Select(j => j.Input.Path));
        Assert.StartsWith("take-unnamed-", jobs[0].Id);
        Assert.Equal(3, jobs.Select(j => j.Id).Distinct().Count());
        Assert.Equal(jobs, await UploadJobs.FindAsync(_uploads, null, default));
    }

    [Fact]
    public async Task A_rejection_is_an_event_with_a_stable_id_and_CloudEvents_attributes()
    {
        var upload = _uploads.Add("vm", "bad", DateTimeOffset.UnixEpoch, "disk0.vhdy");
        var result = await TakeAsync(upload);
        var time = new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
        var json = JsonSerializer.Serialize(result, IntakeNames.TakeUpload.Output);
        var told = Assert.Single(FlowOutcomes.Of("TakeUpload", "take-vm-1", time, json));
        Assert.Equal(told, Assert.Single(FlowOutcomes.Of("TakeUpload", "take-vm-1", time, json)));
        using var parsed = JsonDocument.Parse(told.ToJson());
        var root = parsed.RootElement;
        Assert.Equal("1.0", root.GetProperty("specversion").GetString());
        Assert.Equal("take-vm-1/SnapshotRejected", root.GetProperty("id").GetString());
        Assert.Equal("SnapshotFunctions.SnapshotRejected", root.GetProperty("type").GetString());
        Assert.Equal("/machines/vm", root.GetProperty("source").GetString());
        Assert.Equal("uploads/bad", root.GetProperty("subject").GetString());
        Assert.Equal("application/json", root.GetProperty("datacontenttype").GetString());
        Assert.Equal(
            "refused-upload-format", root.GetProperty("data").GetProperty("code").GetString());
        Assert.False(root.GetProperty("data").TryGetProperty("version", out _));
    }

    [Fact]
    public async Task An_ingest_tells_of_its_version_and_of_the_base_only_when_it_moved()
    {
        var kinds = new List<string>();
        for (var n = 1; n <= 3; n++)
        {
            var result = await TakeAsync(Add($"s{n}", n));
            kinds.AddRange(FlowOutcomes.Of(
                "Ingest", $"job{n}", DateTimeOffset.UnixEpoch,
                JsonSerializer.Serialize(result.Ingest!, FlowNames.Ingest.Output))
                .Select(e => e.Id));
        }
        Assert.Equal("job1/SnapshotProtected", kinds[0]);
        Assert.DoesNotContain("job1/BaseMoved", kinds);
        Assert.Contains("job2/BaseMoved", kinds);
    }

    [Fact]
    public void A_new_version_tells_what_it_was_stored_against_and_what_that_saved()
    {
        var result = new IngestResult(
            "vm", 1, null, 0, default, 9, 8, 1,
            Like: new LikeResult("golden", 4, 91, 123_456));
        var told = FlowOutcomes.Of(
            "Ingest", "job", DateTimeOffset.UnixEpoch,
            JsonSerializer.Serialize(result, FlowNames.Ingest.Output))[0];
        var data = JsonDocument.Parse(told.ToJson()).RootElement.GetProperty("data");
        Assert.Equal("golden", data.GetProperty("originMachine").GetString());
        Assert.Equal(4, data.GetProperty("originVersion").GetInt32());
        Assert.Equal(123_456, data.GetProperty("savedBytes").GetInt64());
    }

    [Fact]
    public void An_id_that_would_be_too_long_is_hashed()
    {
        var told = OutcomeEvent.Of(
            OutcomeKinds.BaseMoved, new string('j', 200), "vm", "versions/1",
            DateTimeOffset.UnixEpoch, new OutcomeData("j"));
        Assert.Equal(64, told.Id.Length);
    }

    private Upload Add(string snapshot, int number)
    {
        var bytes = new byte[60_000];
        new Random(Seed).NextBytes(bytes);
        new Random(Seed + number).NextBytes(bytes.AsSpan(number * 5_000, 3_000));
        var upload = _uploads.Add(
            "vm", snapshot, DateTimeOffset.UnixEpoch.AddHours(number), "disk0.raw");
        _sources.Add(upload.Files[0].Source, bytes);
        return upload;
    }

    private Task<TakeUploadResult> TakeAsync(Upload upload) => _context.RunFlowAsync(
        IntakeNames.TakeUpload,
        new TakeUploadInput(upload.Machine, upload.Path, upload.Mark, upload.Snapshot));
}
