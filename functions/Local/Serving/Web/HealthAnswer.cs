using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Local.Serving.Web;

/// <summary>
/// Answers <c>GET /healthz</c>, for a supervisor to ask; it needs no key, and tells of machines
/// only whoever has it. Asks the store at most once a second, however often it is called.
/// </summary>
internal sealed class HealthAnswer(IJobs jobs, CallerCheck callers, TimeProvider time)
    : IDisposable
{
    /// <summary>Its path.</summary>
    public const string Path = "/healthz";

    /// <summary>Its name in logs and metrics.</summary>
    public const string RouteName = "Health";

    private const int MostJobs = 1000;

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _asking = new(1);
    private (HealthDocument Document, long At)? _last;

    /// <summary>Answers.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var document = await DocumentAsync(context.RequestAborted);
        if (!callers.HasKey(context.Request)) document = document with { Jobs = null };
        context.Response.StatusCode = document.Status is "ok"
            ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            document, ServingJson.Default.HealthDocument);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();

    private async Task<HealthDocument> DocumentAsync(CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < FreshFor) return last.Document;
            var document = await AskAsync(cancellation);
            _last = (document, time.GetTimestamp());
            return document;
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task<HealthDocument> AskAsync(CancellationToken cancellation)
    {
        try
        {
            var running = await jobs.ListAsync(
                new JobFilter(State: JobState.Running), null, MostJobs, cancellation);
            var pending = await jobs.ListAsync(
                new JobFilter(State: JobState.Pending), null, MostJobs, cancellation);
            return new HealthDocument(
                "ok", running.Jobs.Count, pending.Jobs.Count,
                [
                    .. running.Jobs.Select(j => new HealthJob(
                        j.Id, j.Flow, j.Machine, j.Progress?.Phase, j.Progress?.Done ?? 0,
                        j.Progress?.Total ?? 0, j.Progress?.Unit)),
                ]);
        }
        catch (StoreException)
        {
            return new HealthDocument("unreachable", 0, 0, []);
        }
    }
}
