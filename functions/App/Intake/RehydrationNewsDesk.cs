using System.Text.Json;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.AzureStore;
using SnapshotFunctions.Engine.Flows.Rehydrating;

namespace SnapshotFunctions.App.Intake;

/// <summary>
/// Tells jobs of blobs that came back from the archive. A message that tells of no such blob, or
/// that no job waits for, is done with; events may be lost as well, since every job has its timer.
/// </summary>
public sealed partial class RehydrationNewsDesk(
    EngineSource engine, ILogger<RehydrationNewsDesk> logger)
{
    private const string Before = "/blobServices/default/containers/";
    private const string Between = "/blobs/";

    /// <summary>Raises the event to every job that a message concerns.</summary>
    public async Task TellAsync(
        DurableTaskClient client, string message, CancellationToken cancellation)
    {
        if (NameOf(message, new AzureStoreOptions().DeltaContainer) is not { } name)
        {
            LogUnknown(logger, message.Length);
            return;
        }
        var opened = await engine.GetAsync(cancellation);
        var jobs = await RehydrationJobs.OfAsync(
            opened.Services.Manifests, name, cancellation);
        foreach (var job in jobs)
        {
            await client.RaiseEventAsync(
                job, RehydratedNews.EventName,
                JsonSerializer.Serialize(new RehydratedNews(name), RehydrateNames.News),
                cancellation);
        }
        LogTold(logger, name, jobs.Count);
    }

    /// <summary>
    /// The blob that an event of Event Grid tells of, in one container; null for other events, and
    /// for what is none. Both the service's own schema and the cloud's have a subject.
    /// </summary>
    public static string? NameOf(string message, string container)
    {
        try
        {
            using var json = JsonDocument.Parse(message);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("subject", out var subject)
                || subject.ValueKind != JsonValueKind.String) return null;
            var start = $"{Before}{container}{Between}";
            var text = subject.GetString()!;
            return text.StartsWith(start, StringComparison.Ordinal) && text.Length > start.Length
                ? text[start.Length..] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(
        EventId = 7221, Level = LogLevel.Information,
        Message = "Blob {Name} came back from the archive; {Count} jobs were told")]
    private static partial void LogTold(ILogger logger, string name, int count);

    [LoggerMessage(
        EventId = 7222, Level = LogLevel.Warning,
        Message = "A message of {Length} characters tells of no blob of the delta container")]
    private static partial void LogUnknown(ILogger logger, int length);
}
