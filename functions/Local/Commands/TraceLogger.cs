using Microsoft.Extensions.Logging;

namespace SnapshotFunctions.Local.Commands;

/// <summary>Writes warnings and errors of the runner as lines, where the user asks for a trace.</summary>
internal sealed class TraceLogger(TextWriter writer) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        writer.WriteLine($"{logLevel}: {formatter(state, exception)}");
        if (exception is not null) writer.WriteLine(exception);
    }
}
