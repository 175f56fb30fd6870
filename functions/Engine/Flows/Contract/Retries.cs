using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Flows.Contract;

/// <summary>Which errors of a step may pass when it is run again; the same on every runner.</summary>
public static class Retries
{
    /// <summary>How often a step is tried in all before its error counts as final.</summary>
    public const int MostAttempts = 6;

    /// <summary>Whether an error may pass.</summary>
    public static bool MayPass(Exception error) => error switch
    {
        StoreBusyException => true,
        OvertakenException => true,
        SnapshotException => false,
        OperationCanceledException => false,
        IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Whether an error of this code may pass; for runners that see only the code.</summary>
    public static bool MayPass(string errorCode) =>
        errorCode is "store-busy" or "overtaken" or "io";

    /// <summary>The code under which an error is journaled.</summary>
    public static string CodeOf(Exception error) => error switch
    {
        SnapshotException known => known.Code,
        OperationCanceledException => "canceled",
        IOException or TimeoutException => "io",
        _ => "internal",
    };

    /// <summary>How long to wait before the next attempt; the first is number 1.</summary>
    public static TimeSpan DelayAfter(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(60_000, 200 * Math.Pow(3, attempt - 1)));
}
