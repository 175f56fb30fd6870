using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>The jobs.</summary>
internal sealed class JobRoutes(ApiServices services)
{
    private const int MostIdCharacters = 200;

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var routes = new JobRoutes(services);
        yield return new ApiRoute(
            "ListJobs", "GET", "jobs", routes.ListAsync,
            new RouteAbout("Lists the jobs, the newest first.", ActionAbout.Area)
            {
                Parameters =
                [
                    .. Paging.Parameters(services.Options, "string"),
                    new RouteParameter("machine", "query", "string", "Only jobs about it."),
                    new RouteParameter("state", "query", "string", "Only jobs that stand so.")
                    {
                        Values = Words.All<JobState>(),
                    },
                    new RouteParameter(
                        "flow", "query", "string", "Only jobs of this flow: Ingest, Restore ..."),
                ],
                Answers = [new RouteAnswer(200, "Some jobs.", ApiJson.Default.JobsDocument)],
                Problems = [400],
            });
        yield return new ApiRoute(
            "GetJob", "GET", "jobs/{job}", routes.GetAsync,
            new RouteAbout("Tells how a job stands.", ActionAbout.Area)
            {
                Answers =
                [
                    new RouteAnswer(
                        200, "The job; Retry-After tells when to ask again, until it has ended.",
                        ApiJson.Default.JobDocument),
                ],
                Problems = [400, 404],
            });
        yield return new ApiRoute(
            "CancelJob", "DELETE", "jobs/{job}", routes.CancelAsync,
            new RouteAbout("Asks a job to end; where it ends is up to it.", ActionAbout.Area)
            {
                Answers =
                [
                    new RouteAnswer(
                        200, "It had ended already, and stays as it is.",
                        ApiJson.Default.JobDocument),
                    JobAnswers.Accepted("It was asked to end."),
                ],
                Problems = [400, 404],
            });
    }

    private async Task ListAsync(ApiCall call)
    {
        var machine = call.Text("machine");
        if (machine is not null && !ObjectNames.IsName(machine))
            throw ApiCall.Refused("machine", "a machine's name", machine);
        var filter = new JobFilter(
            machine, Words.Find<JobState>(call, "state"), call.Text("flow"));
        var page = await services.Jobs.ListAsync(
            filter, Paging.After(call), Paging.Top(call, services.Options), call.Cancellation);
        await call.WriteAsync(
            new JobsDocument(
                [.. page.Jobs.Select(j => JobDocument.Of(j, call.Prices))],
                page.Continuation is null ? null : Paging.Next(call, page.Continuation)),
            ApiJson.Default.JobsDocument);
    }

    private async Task GetAsync(ApiCall call) =>
        await JobAnswers.ShownAsync(call, await FindAsync(call, IdOf(call)));

    private async Task CancelAsync(ApiCall call)
    {
        var id = IdOf(call);
        var job = await FindAsync(call, id);
        // Asking twice must answer as once did: a job that has ended is no error.
        if (job.Ended is not null)
        {
            await JobAnswers.ShownAsync(call, job);
            return;
        }
        await services.Jobs.RequestCancelAsync(id, call.Cancellation);
        await JobAnswers.AcceptedAsync(call, await FindAsync(call, id));
    }

    private async Task<JobStatus> FindAsync(ApiCall call, string id) =>
        await services.Jobs.FindAsync(id, call.Cancellation)
        ?? throw new NoSuchException($"job '{id}'", "GET /api/jobs lists those that there are.");

    /// <summary>The id; checked here, since it becomes a part of an object's name.</summary>
    private static string IdOf(ApiCall call)
    {
        var id = call.Segment("job");
        var isGood = id.Length is > 0 and <= MostIdCharacters && char.IsAsciiLetterOrDigit(id[0])
            && id.All(
                c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or '_');
        return isGood ? id : throw ApiCall.Refused(
            "job", "1 to 200 of a-z, 0-9, '-', '.' and '_', a letter or digit first", id);
    }
}
