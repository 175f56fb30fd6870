using Microsoft.Extensions.Logging;

namespace SnapshotFunctions.Local.Serving.Logs;

/// <summary>Logs as lines: one JSON object each, or text for people.</summary>
/// <param name="writer">Where to; must be safe for many threads.</param>
/// <param name="json">Whether each line is a JSON object.</param>
/// <param name="least">The least level that is written.</param>
/// <param name="time">The clock.</param>
internal sealed class LineLoggerProvider(
    TextWriter writer, bool json, LogLevel least, TimeProvider time) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        new LineLogger(writer, json, least, time, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The writer is its owner's to close.
    }
}
