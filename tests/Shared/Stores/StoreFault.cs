namespace SnapshotFunctions.TestShared.Stores;

/// <summary>What is to befall one operation of a simulated store.</summary>
public sealed class StoreFault
{
    private StoreFault(StoreFaultKind kind, StorePause? pause = null, TimeSpan? retryAfter = null)
    {
        Kind = kind;
        Pause = pause;
        RetryAfter = retryAfter;
    }

    /// <summary>Nothing.</summary>
    public static StoreFault None { get; } = new(StoreFaultKind.None);

    /// <summary>It does not happen and answers StoreBusyException.</summary>
    public static StoreFault FailBefore { get; } = new(StoreFaultKind.FailBefore);

    /// <summary>It happens, and yet answers StoreBusyException.</summary>
    public static StoreFault LoseAnswer { get; } = new(StoreFaultKind.LoseAnswer);

    /// <summary>The process ends before it happens.</summary>
    public static StoreFault CrashBefore { get; } = new(StoreFaultKind.CrashBefore);

    /// <summary>It happens and the process ends before the answer.</summary>
    public static StoreFault CrashAfter { get; } = new(StoreFaultKind.CrashAfter);

    /// <summary>Which fault.</summary>
    public StoreFaultKind Kind { get; }

    /// <summary>Where a paused operation waits.</summary>
    public StorePause? Pause { get; }

    /// <summary>How long a throttled caller is asked to wait.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>It does not happen; the caller is asked to wait.</summary>
    public static StoreFault Throttle(TimeSpan retryAfter) =>
        new(StoreFaultKind.FailBefore, retryAfter: retryAfter);

    /// <summary>It waits before it happens, as a worker does that stalls.</summary>
    public static StoreFault PauseBefore(StorePause pause) =>
        new(StoreFaultKind.PauseBefore, pause);

    /// <summary>It happens, and its answer waits.</summary>
    public static StoreFault PauseAfter(StorePause pause) =>
        new(StoreFaultKind.PauseAfter, pause);
}
