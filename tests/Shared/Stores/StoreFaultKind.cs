namespace SnapshotFunctions.TestShared.Stores;

/// <summary>The ways in which an operation of a simulated store goes wrong.</summary>
public enum StoreFaultKind
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Does not happen, answers busy.</summary>
    FailBefore,

    /// <summary>Happens, answers busy.</summary>
    LoseAnswer,

    /// <summary>Does not happen; the process is gone.</summary>
    CrashBefore,

    /// <summary>Happens; the process is gone.</summary>
    CrashAfter,

    /// <summary>Waits, then happens.</summary>
    PauseBefore,

    /// <summary>Happens, then waits.</summary>
    PauseAfter,
}
