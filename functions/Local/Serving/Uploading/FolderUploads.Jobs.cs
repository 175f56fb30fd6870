using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Runner;
using JobState = SnapshotFunctions.Http.Ports.JobState;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <content>Jobs of completed uploads that the runner does not know (yet).</content>
internal sealed partial class FolderUploads
{
    /// <summary>A completed upload's job as it stands; null when no upload has this job.</summary>
    public async Task<JobStatus?> FindJobAsync(string id, CancellationToken cancellation)
    {
        foreach (var places in UploadPlaces.All(_incoming))
        {
            if (IsCompleted(places, out var receipt)
                && string.Equals(receipt!.Job, id, StringComparison.Ordinal))
                return await StatusAsync(places, receipt, cancellation);
        }
        return null;
    }

    /// <summary>The jobs of uploads that wait for others of their machine.</summary>
    public async Task<IReadOnlyList<JobStatus>> WaitingAsync(CancellationToken cancellation)
    {
        var waiting = new List<JobStatus>();
        foreach (var places in UploadPlaces.All(_incoming))
        {
            if (Directory.Exists(places.Visible) && IsCompleted(places, out var receipt)
                && await _engine.Runner.GetAsync(receipt!.Job, cancellation) is null)
                waiting.Add(Waiting(places, receipt));
        }
        return waiting;
    }

    /// <summary>
    /// Asks a job that waits to end: the watch puts its upload aside instead of starting it. False
    /// when none waits under this id.
    /// </summary>
    public async Task<bool> CancelWaitingAsync(string id, CancellationToken cancellation)
    {
        foreach (var places in UploadPlaces.All(_incoming))
        {
            if (!IsCompleted(places, out var receipt)
                || !string.Equals(receipt!.Job, id, StringComparison.Ordinal)) continue;
            using var turn = _gates.Enter(places.Machine);
            await turn.TakeTurnAsync(cancellation);
            if (!Directory.Exists(places.Visible)
                || await _engine.Runner.GetAsync(id, cancellation) is not null) return false;
            UploadFaults.Run(places.Snapshot, () => DurableFiles.Write(
                Path.Combine(places.Visible, UploadFolder.MarkName),
                new TakingMark(id, Cancelled: true), ServingJson.Default.TakingMark));
            _completed();
            return true;
        }
        return false;
    }

    private async Task<JobStatus?> StatusAsync(
        UploadPlaces places, UploadReceipt receipt, CancellationToken cancellation)
    {
        if (await _engine.Runner.GetAsync(receipt.Job, cancellation) is { } known) return Of(known);
        if (Directory.Exists(places.Visible)) return Waiting(places, receipt);
        // It was put aside before it started: with what it builds on, or because it was asked to.
        if (_quarantine.ReasonOf(places.Machine, places.Snapshot, receipt.Completed) is { } reason)
        {
            return Job(places, receipt) with
            {
                State = reason.Code is UploadIntake.CancelledCode
                    ? JobState.Cancelled : JobState.Failed,
                Ended = reason.Time, ErrorCode = reason.Code, ErrorMessage = reason.Message,
            };
        }
        return await FindVersionAsync(places, cancellation) is null
            ? null : Job(places, receipt) with { State = JobState.Completed };
    }

    private static JobStatus Waiting(UploadPlaces places, UploadReceipt receipt) =>
        Job(places, receipt) with
        {
            CancelRequested = DurableFiles.Read(
                Path.Combine(places.Visible, UploadFolder.MarkName),
                ServingJson.Default.TakingMark) is { Cancelled: true },
        };

    private static JobStatus Job(UploadPlaces places, UploadReceipt receipt) => new(
        receipt.Job, FlowNames.Ingest.Name, places.Machine, JobState.Pending, false,
        receipt.Completed, null, null, null, null, null);

    private static JobStatus Of(JobInfo job) => new(
        job.InstanceId, job.Flow, job.Subject, job.State switch
        {
            Runner.JobState.Completed => JobState.Completed,
            Runner.JobState.Failed => JobState.Failed,
            Runner.JobState.Cancelled => JobState.Cancelled,
            _ => JobState.Running,
        },
        job.CancelRequested, job.Started, job.Ended, job.Progress, job.Output, job.ErrorCode,
        job.ErrorMessage);
}
