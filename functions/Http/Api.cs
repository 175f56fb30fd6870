using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http;

/// <summary>
/// The HTTP API: its routes, and the one way through which every call of every host goes.
/// Thread-safe.
/// </summary>
public sealed partial class Api
{
    private readonly Dictionary<string, ApiRoute> _byName;
    private readonly ILogger _logger;
    private readonly PriceTable _prices;

    /// <summary>The API over a host's services; does no I/O.</summary>
    public Api(ApiServices services)
    {
        _logger = services.Logger;
        _prices = services.Prices;
        Routes = ApiRoutes.Of(services);
        _byName = Routes.ToDictionary(r => r.Name, StringComparer.Ordinal);
    }

    /// <summary>All routes.</summary>
    public IReadOnlyList<ApiRoute> Routes { get; }

    /// <summary>Answers a call of a route by its name.</summary>
    /// <param name="route">The route's name.</param>
    /// <param name="context">The call; its route values hold the template's parameters.</param>
    public async Task HandleAsync(string route, HttpContext context)
    {
        try
        {
            await _byName[route].Handle(new ApiCall(context) { Prices = _prices });
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody is left to answer.
        }
        catch (Exception error)
        {
            await AnswerAsync(error, context);
        }
    }

    /// <summary>Answers with the problem of an error, or cuts an answer off that has begun.</summary>
    public Task AnswerAsync(Exception error, HttpContext context) =>
        AnswerAsync(error, context, _logger);

    /// <summary>The same, for a host that has no API yet.</summary>
    public static async Task AnswerAsync(Exception error, HttpContext context, ILogger logger)
    {
        var problem = ProblemOf.Document(error, context.Request.Path);
        if (problem.Status >= StatusCodes.Status500InternalServerError)
            LogFailed(logger, context.Request.Method, problem.Instance, problem.Code, error);
        if (context.Response.HasStarted)
        {
            // Bytes under a status of success are on their way: the client must see that they end
            // too soon, so that it does not take them for the whole.
            LogCutOff(logger, context.Request.Method, problem.Instance, problem.Code);
            context.Abort();
            return;
        }
        context.Response.Clear();
        foreach (var (name, value) in ProblemOf.Headers(error)) context.Response.Headers[name] = value;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.Problem);
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed: {Code}")]
    private static partial void LogFailed(
        ILogger logger, string method, string path, string code, Exception error);

    [LoggerMessage(3002, LogLevel.Warning, "{Method} {Path} was cut off midway: {Code}")]
    private static partial void LogCutOff(
        ILogger logger, string method, string path, string code);
}
