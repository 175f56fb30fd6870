using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Local.Serving.Web;

/// <summary>
/// Serves the API with Kestrel. Nothing is read from files or variables of the surroundings: what
/// is served where is the command line's to say.
/// </summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly WebLimits _limits;
    private readonly CallerCheck _callers;
    private readonly HealthAnswer _health;

    private WebHost(WebApplication app, WebSetting setting, ApiServices services)
    {
        (_app, _limits, _callers) = (app, setting.Limits, new CallerCheck(setting.Key));
        _health = new HealthAnswer(services.Jobs, _callers, services.Engine.Time);
    }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _app.Urls.Select(u => new Uri(u))];

    /// <summary>Begins to serve.</summary>
    /// <param name="setting">Where and to whom.</param>
    /// <param name="api">The API.</param>
    /// <param name="services">What the API works with; health and errors use it too.</param>
    /// <param name="metrics">Told of each request.</param>
    /// <param name="logs">Where requests are logged.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="RefusedException">"listen": an address cannot be used.</exception>
    public static async Task<WebHost> StartAsync(
        WebSetting setting, Api api, ApiServices services, ServeMetrics metrics,
        ILoggerProvider logs, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => Configure(k, setting));
        builder.Services.AddRoutingCore();
        // Signals are the program's own: it stops everything in its order.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Logging.AddProvider(logs).AddFilter("Microsoft", LogLevel.Warning);
        var host = new WebHost(builder.Build(), setting, services);
        try
        {
            host.Pipe(api, services.Engine.Time, metrics, logs.CreateLogger("Http"));
            await host._app.StartAsync(cancellation);
            return host;
        }
        catch (IOException error)
        {
            await host.DisposeAsync();
            throw new RefusedException(
                "listen", $"{error.Message.TrimEnd('.')}. Choose another with --listen.");
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no more requests, and gives those that run a moment to end.</summary>
    public async Task StopAsync()
    {
        using var moment = new CancellationTokenSource(_limits.StopTime);
        await _app.StopAsync(moment.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _health.Dispose();
    }

    private static void Configure(KestrelServerOptions options, WebSetting setting)
    {
        var limits = setting.Limits;
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = limits.MostConnections;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestHeaderCount = limits.MostHeaders;
        options.Limits.MaxRequestHeadersTotalSize = limits.MostHeaderBytes;
        options.Limits.MaxRequestLineSize = limits.MostLineBytes;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.RequestHeadersTimeout = limits.HeaderTime;
        options.Limits.KeepAliveTimeout = limits.IdleTime;
        var slowest = new MinDataRate(limits.LeastBytesPerSecond, limits.SlowTime);
        options.Limits.MinRequestBodyDataRate = slowest;
        options.Limits.MinResponseDataRate = slowest;
        options.ConfigureEndpointDefaults(e => e.Protocols = HttpProtocols.Http1);
        foreach (var address in setting.Addresses) options.Listen(address);
    }

    private void Pipe(Api api, TimeProvider time, ServeMetrics metrics, ILogger logger)
    {
        var watch = new RequestWatch(api, metrics, time, logger);
        var free = new SemaphoreSlim(_limits.MostRequests);
        _app.Use(watch.InvokeAsync);
        _app.Use((context, next) =>
            _callers.Refusal(context.Request, !IsHealth(context)) is { } refusal
                ? api.AnswerAsync(refusal, context) : next(context));
        _app.Use(async (context, next) =>
        {
            if (!await free.WaitAsync(0, CancellationToken.None)) throw Busy();
            try
            {
                await next(context);
            }
            finally
            {
                free.Release();
            }
        });
        _app.UseRouting();
        _app.MapMethods(HealthAnswer.Path, ["GET", "HEAD"], (RequestDelegate)_health.AnswerAsync);
        _app.MapApi(api);
    }

    private static bool IsHealth(HttpContext context) =>
        context.Request.Path.Equals(HealthAnswer.Path, StringComparison.Ordinal);

    private static ApiProblemException Busy() => new(
        ProblemKinds.Unavailable, "too-many-requests-at-once",
        "The host answers as many requests as it can. Try again in a few seconds.");

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
