using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http;
using SnapshotFunctions.Http.Problems;

namespace SnapshotFunctions.App.Http;

/// <summary>
/// The API over the engine of this app, put together when the first call comes. Thread-safe.
/// </summary>
public sealed class ApiHost(
    EngineSource engine, JobStarter jobs, TimeProvider time, ILogger<Api> logger)
{
    private static readonly EmptyResult Answered = new();

    private readonly AsyncLocal<DurableTaskClient?> _client = new();
    private Api? _api;

    /// <summary>Answers a call of a route; the handler has written the answer when this returns.</summary>
    /// <param name="route">The route's name.</param>
    /// <param name="request">The call.</param>
    /// <param name="client">Reaches the jobs, for this call.</param>
    public async Task<IActionResult> AnswerAsync(
        string route, HttpRequest request, DurableTaskClient client)
    {
        // What the runtime binds is this call's alone; the handlers find it on their way down.
        _client.Value = client;
        var context = request.HttpContext;
        try
        {
            var api = Volatile.Read(ref _api) ?? await OpenAsync(context.RequestAborted);
            await api.HandleAsync(route, context);
        }
        catch (SnapshotException error)
        {
            // The accounts cannot be reached: nothing of the API is there yet to say so.
            await Api.AnswerAsync(error, context, logger);
        }
        return Answered;
    }

    private async Task<Api> OpenAsync(CancellationToken cancellation)
    {
        var opened = await engine.GetAsync(cancellation);
        var durable = new DurableJobs(() => _client.Value!, jobs, time);
        var uploads = new GrantedUploads(opened, durable, () => _client.Value!, jobs);
        var api = new Api(new ApiServices(
            opened.Services, durable, uploads, static name => name, new ApiOptions(), logger)
        {
            Machines = opened.Tables?.Queries,
            Prices = opened.Prices,
        });
        // Two calls at once may both make one; they are the same, and one stays.
        return Interlocked.CompareExchange(ref _api, api, null) ?? api;
    }
}
