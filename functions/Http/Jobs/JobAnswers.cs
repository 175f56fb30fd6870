using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>How routes answer with a job.</summary>
internal static class JobAnswers
{
    // Seconds after which it is worth to ask again.
    private const string PollSeconds = "1";

    /// <summary>What the description says of a 202 by <see cref="AcceptedAsync"/>.</summary>
    public static RouteAnswer Accepted(string summary) =>
        new(StatusCodes.Status202Accepted, summary, ApiJson.Default.JobDocument)
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Location"] = "The job: a path on the same host.",
                ["Retry-After"] = "Seconds after which to ask for the job again.",
            },
        };

    /// <summary>202: the job is durable and goes on by itself.</summary>
    public static Task AcceptedAsync(ApiCall call, JobStatus job)
    {
        call.Response.Headers.Location = JobLinks.Of(job).Self;
        call.Response.Headers.RetryAfter = PollSeconds;
        return call.WriteAsync(
            JobDocument.Of(job, call.Prices), ApiJson.Default.JobDocument,
            StatusCodes.Status202Accepted);
    }

    /// <summary>200: how the job stands; with Retry-After while it has not ended.</summary>
    public static Task ShownAsync(ApiCall call, JobStatus job)
    {
        if (job.Ended is null) call.Response.Headers.RetryAfter = PollSeconds;
        return call.WriteAsync(JobDocument.Of(job, call.Prices), ApiJson.Default.JobDocument);
    }
}
