using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>
/// A transport that counts requests and lets a test answer one in the service's place, before it
/// is sent or after the service has done what it asked.
/// </summary>
internal sealed class FaultyTransport : HttpPipelineTransport
{
    private readonly List<string> _sent = [];

    /// <summary>Answers instead of the service; null lets the request through.</summary>
    public Func<Request, Response?> Instead { get; set; } = static _ => null;

    /// <summary>Called after the service has answered; throws to lose that answer.</summary>
    public Action<Request> Afterwards { get; set; } = static _ => { };

    /// <summary>Method and query of each request, in order.</summary>
    public IReadOnlyList<string> Sent => _sent;

    /// <summary>The headers of the last request.</summary>
    public IReadOnlyDictionary<string, string> LastHeaders { get; private set; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Forgets what was sent.</summary>
    public void Forget() => _sent.Clear();

    /// <inheritdoc/>
    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    /// <inheritdoc/>
    public override void Process(HttpMessage message) =>
        throw new NotSupportedException("The store is asynchronous throughout.");

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        lock (_sent)
            _sent.Add($"{message.Request.Method} {message.Request.Uri.Query}");
        LastHeaders = message.Request.Headers.ToDictionary(
            header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);
        if (Instead(message.Request) is { } answer)
        {
            message.Response = answer;
            return;
        }

        await HttpClientTransport.Shared.ProcessAsync(message);
        Afterwards(message.Request);
    }
}
