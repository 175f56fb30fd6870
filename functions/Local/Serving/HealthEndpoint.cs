using System.Net;
using System.Text.Json;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Serving;

/// <summary>Answers <c>GET /healthz</c> on this machine alone, for a supervisor to ask.</summary>
internal sealed class HealthEndpoint : IAsyncDisposable
{
    private const int MethodNotAllowed = 405;
    private const int NotFound = 404;

    private readonly HttpListener _listener = new();
    private readonly LocalRunner _runner;
    private readonly Task _serving;

    private HealthEndpoint(int port, LocalRunner runner)
    {
        _runner = runner;
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Listens on a port of the loopback address.</summary>
    /// <exception cref="HttpListenerException">The port is taken.</exception>
    public static HealthEndpoint Start(int port, LocalRunner runner) => new(port, runner);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception error) when (
                error is ObjectDisposedException or HttpListenerException or InvalidOperationException)
            {
                // Closed; or a client that hung up, which is the client's own affair.
                if (!_listener.IsListening) return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var response = context.Response;
        if (context.Request.Url?.AbsolutePath is not "/healthz")
        {
            response.StatusCode = NotFound;
            return;
        }
        if (context.Request.HttpMethod is not "GET")
        {
            response.StatusCode = MethodNotAllowed;
            response.AddHeader("Allow", "GET");
            return;
        }
        var running = (await _runner.ListAsync()).Where(j => j.State == JobState.Running);
        response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(
            response.OutputStream,
            new HealthDocument("ok", [.. running.Select(j => new HealthJob(
                j.InstanceId, j.Flow, j.Subject, j.Progress?.Phase, j.Progress?.Done ?? 0,
                j.Progress?.Total ?? 0, j.Progress?.Unit))]),
            ServingJson.Default.HealthDocument);
    }
}
