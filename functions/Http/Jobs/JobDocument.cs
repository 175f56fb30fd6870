using System.Text.Json;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>One job, as the API tells of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Flow">The flow that it runs: <c>Ingest</c>, <c>Restore</c> ...</param>
/// <param name="Machine">The machine it is about.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CancelRequested">Whether it was asked to end.</param>
/// <param name="Started">When it was asked for.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Progress">How far it has come; absent before the first report.</param>
/// <param name="Result">What it came to; absent unless completed.</param>
/// <param name="Error">Why it failed; absent unless it did, or was cancelled.</param>
/// <param name="Planned">What it was planned to use, where it was started with plan=kept.</param>
/// <param name="Used">What it has used of the stores until now.</param>
/// <param name="Links">Where to go from here.</param>
public sealed record JobDocument(
    string Id, string Flow, string? Machine, JobState State, bool CancelRequested,
    DateTimeOffset Started, DateTimeOffset? Ended, JobProgress? Progress, JsonElement? Result,
    JobError? Error, UsageDocument? Planned, UsageDocument? Used, JobLinks Links)
{
    /// <summary>The document of a job.</summary>
    public static JobDocument Of(JobStatus job, PriceTable prices) => new(
        job.Id, job.Flow, job.Machine, job.State, job.CancelRequested, job.Started, job.Ended,
        JobProgress.Of(job.Progress), JobResults.Shown(job.Output),
        job.ErrorCode is null
            ? null : new JobError(job.ErrorCode, job.ErrorMessage ?? string.Empty),
        UsageDocument.Of(job.Planned, prices), UsageDocument.Of(job.Used, prices),
        JobLinks.Of(job));
}
