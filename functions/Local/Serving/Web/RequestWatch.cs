using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Http;
using SnapshotFunctions.Http.Problems;

namespace SnapshotFunctions.Local.Serving.Web;

/// <summary>
/// Goes round every request: counts it, answers what nobody else has answered with a problem, and
/// logs one line, which holds nothing that the client chose freely: no query, no header.
/// </summary>
internal sealed partial class RequestWatch
{
    private const string JobsPath = "/api/jobs/";
    private const string NoRoute = "none";

    private readonly Dictionary<string, string> _names;
    private readonly Api _api;
    private readonly ServeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Watches the requests of an API.</summary>
    public RequestWatch(Api api, ServeMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_api, _metrics, _time, _logger) = (api, metrics, time, logger);
        _names = api.Routes.ToDictionary(
            r => $"{r.Method} /api/{r.Template}", r => r.Name, StringComparer.Ordinal);
    }

    /// <summary>Lets a request through, and tells of it.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var began = _time.GetTimestamp();
        var received = new CountingStream(context.Request.Body);
        var sent = new CountingStream(context.Response.Body);
        var answer = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Request.Body = received;
        var counted = new StreamResponseBodyFeature(sent, answer);
        context.Features.Set<IHttpResponseBodyFeature>(counted);
        var trace = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["X-Trace-Id"] = trace;
            return Task.CompletedTask;
        });
        _metrics.RequestBegun();
        try
        {
            await AnswerAsync(context, next);
            await counted.CompleteAsync();
        }
        catch (Exception error) when (
            context.RequestAborted.IsCancellationRequested
            && error is OperationCanceledException or IOException)
        {
            // The client has gone.
        }
        finally
        {
            context.Features.Set(answer);
            Tell(context, received.Bytes, sent.Bytes, _time.GetElapsedTime(began), trace);
        }
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            await _api.AnswerAsync(error, context);
            return;
        }
        if (context.Response.HasStarted || context.Response.ContentLength is not null) return;
        if (context.Response.StatusCode == StatusCodes.Status404NotFound)
        {
            await _api.AnswerAsync(
                new ApiProblemException(
                    ProblemKinds.NotFound, "not-found",
                    "There is no such path. /api/openapi.json lists all there are."),
                context);
        }
        else if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            var allow = context.Response.Headers.Allow.ToString();
            await _api.AnswerAsync(
                new ApiProblemException(
                    ProblemKinds.MethodNotAllowed, "method-not-allowed",
                    $"Expected {allow}, found {context.Request.Method}.")
                {
                    Headers = new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["Allow"] = allow,
                    },
                },
                context);
        }
    }

    private void Tell(
        HttpContext context, long receivedBytes, long sentBytes, TimeSpan elapsed, string trace)
    {
        var route = RouteOf(context);
        // A method is a word of the client's own choice where no route has it.
        var method = HttpMethods.GetCanonicalizedValue(context.Request.Method);
        method = route is NoRoute && !IsKnown(method) ? "OTHER" : method;
        var status = context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted
            ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode;
        _metrics.RequestEnded(method, route, status, receivedBytes, sentBytes, elapsed);
        var level = status >= StatusCodes.Status500InternalServerError ? LogLevel.Warning
            : route is HealthAnswer.RouteName ? LogLevel.Debug
            : LogLevel.Information;
        LogRequest(
            _logger, level, method, route, status, receivedBytes, sentBytes,
            (long)elapsed.TotalMilliseconds, trace, JobOf(context));
    }

    private string RouteOf(HttpContext context)
    {
        if ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is not { } template)
            return NoRoute;
        return template is HealthAnswer.Path
            ? HealthAnswer.RouteName
            : _names.GetValueOrDefault($"{context.Request.Method} {template}", NoRoute);
    }

    private static bool IsKnown(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsPost(method)
        || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsPatch(method)
        || HttpMethods.IsOptions(method);

    /// <summary>The job that an answer leads to; null for none.</summary>
    private static string? JobOf(HttpContext context) =>
        context.Response.Headers.Location.ToString() is { } to
        && to.StartsWith(JobsPath, StringComparison.Ordinal) ? to[JobsPath.Length..] : null;

    [LoggerMessage(
        EventId = 7301,
        Message = "{Method} {Route} {Status}, {ReceivedBytes} B in, {SentBytes} B out, "
            + "{Milliseconds} ms, trace {TraceId}, job {Job}")]
    private static partial void LogRequest(
        ILogger logger, LogLevel level, string method, string route, int status,
        long receivedBytes, long sentBytes, long milliseconds, string traceId, string? job);
}
