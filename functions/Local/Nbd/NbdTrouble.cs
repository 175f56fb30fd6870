using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>Says what failed: a number to the client, words to the log.</summary>
internal sealed partial class NbdTrouble(ILogger logger, TimeProvider time)
{
    private const int NoSpaceLeft = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _told = new(StringComparer.Ordinal);

    /// <summary>The error that a client is told; logged, the same words not too often.</summary>
    public NbdError Tell(string export, NbdRequest request, Exception error)
    {
        var answer = Of(error);
        if (IsNews($"{export} {error.GetType().Name} {(error as StoreException)?.ObjectName}"))
        {
            if (error is ObjectArchivedException archived)
                LogArchived(
                    export, archived.ObjectName,
                    archived.Rehydrating
                        ? "It is on its way; reads of it succeed once it is back."
                        : "Bring it back with a restore of that version over HTTP with a "
                            + "rehydration priority, and read again when it is online.");
            else
                LogFailed(error, export, request.Command, request.Offset, request.LengthBytes);
        }
        return answer;
    }

    /// <summary>A session that ended otherwise than by the client's wish.</summary>
    public void TellGone(string client, string why) => LogGone(client, why);

    /// <summary>The number for an error.</summary>
    public static NbdError Of(Exception error) => error switch
    {
        OutOfMemoryException => NbdError.NoMemory,
        IOException { HResult: NoSpaceLeft or WindowsDiskFull } => NbdError.NoSpace,
        _ => NbdError.Io,
    };

    private bool IsNews(string what)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_told.TryGetValue(what, out var last) && now - last < Quiet) return false;
            if (_told.Count > 1000) _told.Clear();
            _told[what] = now;
            return true;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Export}: {Name} is archived. {Advice}")]
    private partial void LogArchived(string export, string name, string advice);

    [LoggerMessage(
        2, LogLevel.Error, "{Export}: {Command} of {Length} bytes at {Offset} failed.")]
    private partial void LogFailed(
        Exception error, string export, NbdCommand command, ulong offset, uint length);

    [LoggerMessage(3, LogLevel.Debug, "{Client}: {Why}.")]
    private partial void LogGone(string client, string why);
}
