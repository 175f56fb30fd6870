using System.Text.Json;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.AppTests.Replay;
using SnapshotFunctions.AppTests.Rigging;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Outcomes;
using Xunit;

namespace SnapshotFunctions.AppTests.Durable;

/// <summary>The engine's own flows over the Durable runner, with workers that die.</summary>
public sealed class WholeFlowTests
{
    private const int Seed = 815;

    private readonly AppRig _rig = new();

    [Fact]
    public async Task Uploads_become_versions_in_order_and_the_base_moves_though_workers_die()
    {
        foreach (var step in new[] { "DeltaShard", "PatchShard", "CloseIngest", "CloseMove", "TakeTurn" })
            _rig.Deaths[step] = 2;
        var host = _rig.Host();
        var jobs = new List<Instance>();
        for (var n = 3; n >= 1; n--) Upload(n);
        foreach (var job in await UploadJobs.FindAsync(_rig.Uploads, null, default))
        {
            jobs.Add(host.Start(
                IntakeNames.TakeUpload.Name,
                JsonSerializer.Serialize(job.Input, IntakeNames.TakeUpload.Input), job.Id));
        }
        // The last one is begun first: it must wait.
        for (var i = jobs.Count - 1; i >= 0; i--) await host.RunAsync(jobs[i]);

        var versions = jobs.Select(j => JsonSerializer.Deserialize(
            j.Output!, IntakeNames.TakeUpload.Output)!.Ingest!.Version);
        Assert.Equal([1, 2, 3], versions);
        Assert.Empty(_rig.Uploads.Standing);
        Assert.All(_rig.Deaths.Where(d => d.Key != "PatchShard"), d => Assert.Equal(0, d.Value));
        Assert.Equal(
            3, _rig.Outcomes.Events.Count(e => e.Type == OutcomeKinds.SnapshotProtected));
        Assert.Equal(
            _rig.Outcomes.Events.Count, _rig.Outcomes.Events.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_bad_image_ends_in_quarantine_and_is_told_of_once()
    {
        _rig.Uploads.Add("vm", "bad", DateTimeOffset.UnixEpoch, "disk0.qcow2");
        _rig.Sources.Add("vm/bad/disk0.qcow2", [1, 2, 3]);
        var host = _rig.Host();
        var job = (await UploadJobs.FindAsync(_rig.Uploads, null, default))[0];
        var ended = await host.RunAsync(host.Start(
            IntakeNames.TakeUpload.Name,
            JsonSerializer.Serialize(job.Input, IntakeNames.TakeUpload.Input), job.Id));
        Assert.Null(ended.Error);
        var aside = Assert.Single(_rig.Uploads.Aside);
        Assert.StartsWith("image-", aside.Reason.Code);
        var told = Assert.Single(_rig.Outcomes.Events);
        Assert.Equal(OutcomeKinds.SnapshotRejected, told.Type);
        Assert.Equal(aside.Reason.Code, told.Data.Code);
        Assert.Single(ended.History, e => e.Name == "SurveySnapshot"
            || e.Name == "Ingest" && e.Kind == EntryKind.Part);
    }

    [Fact]
    public async Task A_version_is_restored_and_told_of()
    {
        Upload(1);
        var host = _rig.Host();
        var job = (await UploadJobs.FindAsync(_rig.Uploads, null, default))[0];
        await host.RunAsync(host.Start(
            IntakeNames.TakeUpload.Name,
            JsonSerializer.Serialize(job.Input, IntakeNames.TakeUpload.Input), job.Id));
        var restored = await host.RunAsync(host.Start(
            RestoreNames.Restore.Name,
            JsonSerializer.Serialize(
                new RestoreInput("vm", "vm.raw"), RestoreNames.Restore.Input), "restore-1"));
        Assert.Null(restored.Error);
        var told = Assert.Single(_rig.Outcomes.Events, e => e.Type == OutcomeKinds.RestoreReady);
        Assert.Equal("restore-1/RestoreReady", told.Id);
        Assert.Equal("vm.raw", told.Data.Target);
    }

    private void Upload(int number)
    {
        var bytes = new byte[60_000];
        new Random(Seed).NextBytes(bytes);
        new Random(Seed + number).NextBytes(bytes.AsSpan(number * 5_000, 3_000));
        var upload = _rig.Uploads.Add(
            "vm", $"s{number}", DateTimeOffset.UnixEpoch.AddHours(number), "disk0.raw");
        _rig.Sources.Add(upload.Files[0].Source, bytes);
    }
}
