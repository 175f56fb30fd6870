using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace SnapshotFunctions.Local.Serving.Logs;

/// <summary>Writes each entry as one line; what a client sent cannot begin another.</summary>
internal sealed class LineLogger(
    TextWriter writer, bool json, LogLevel least, TimeProvider time, string category) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var message = formatter(state, exception);
        writer.WriteLine(json
            ? Json(logLevel, eventId, state, exception, message)
            : Text(logLevel, exception, message));
    }

    private string Text(LogLevel level, Exception? exception, string message)
    {
        var error = exception is null
            ? string.Empty : $": {exception.GetType().Name}: {exception.Message}";
        return OneLine(
            $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Word(level)} {category} {message}{error}");
    }

    private string Json<TState>(
        LogLevel level, EventId id, TState state, Exception? exception, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var line = new Utf8JsonWriter(buffer))
        {
            line.WriteStartObject();
            line.WriteString("time", time.GetUtcNow());
            line.WriteString("level", Word(level));
            line.WriteString("category", category);
            line.WriteNumber("id", id.Id);
            line.WriteString("message", message);
            if (Activity.Current is { } activity)
                line.WriteString("trace", activity.TraceId.ToString());
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values) Write(line, values);
            if (exception is not null)
            {
                line.WriteString("errorType", exception.GetType().Name);
                line.WriteString("error", exception.ToString());
            }
            line.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(
        Utf8JsonWriter line, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        line.WriteStartObject("values");
        foreach (var (name, value) in values)
        {
            if (name is "{OriginalFormat}") continue;
            var key = JsonNamingPolicy.CamelCase.ConvertName(name);
            switch (value)
            {
                case null:
                    line.WriteNull(key);
                    break;
                case int number:
                    line.WriteNumber(key, number);
                    break;
                case long number:
                    line.WriteNumber(key, number);
                    break;
                default:
                    line.WriteString(key, value.ToString());
                    break;
            }
        }
        line.WriteEndObject();
    }

    private static string OneLine(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0
            ? text
            : string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        _ => "debug",
    };
}
