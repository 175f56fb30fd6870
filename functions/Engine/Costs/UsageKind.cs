namespace SnapshotFunctions.Engine.Costs;

/// <summary>What a store's provider bills, or a plan shows beside it. Stored by name.</summary>
public enum UsageKind
{
    /// <summary>Reads; the bytes are those that were read.</summary>
    Read,

    /// <summary>
    /// Writes: a Put, a staged block, a commit, a copy, a move to a colder tier; the bytes are
    /// those that were sent or copied.
    /// </summary>
    Write,

    /// <summary>Pages of a listing.</summary>
    List,

    /// <summary>All else that is billed: properties, block lists.</summary>
    Other,

    /// <summary>Deletions, which are free.</summary>
    Delete,

    /// <summary>
    /// What leaves a tier before its minimum stay: the bytes are those times the days that were
    /// left, in byte-days.
    /// </summary>
    EarlyDeletion,

    /// <summary>Objects asked back from Archive without hurry, and their bytes.</summary>
    RehydrateStandard,

    /// <summary>Objects asked back from Archive with High priority, and their bytes.</summary>
    RehydrateHigh,

    /// <summary>Objects and bytes that the tier holds more (or less) afterwards.</summary>
    Stored,
}
