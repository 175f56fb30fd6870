namespace SnapshotFunctions.TestShared.Stores;

/// <summary>How a simulated store behaves.</summary>
public sealed record SimulatedStoreOptions
{
    /// <summary>The clock that dates writes and ends rehydrations.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long a rehydration takes.</summary>
    public TimeSpan RehydrationTime { get; init; } = TimeSpan.FromHours(15);

    /// <summary>How long one of high priority takes.</summary>
    public TimeSpan HighRehydrationTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a staged block that no commit names is kept.</summary>
    public TimeSpan StagedLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Whether a change of tier makes a new ETag; the port allows both.</summary>
    public bool ETagChangesWithTier { get; init; }

    /// <summary>Whether each call gives way once, so that callers interleave as on a network.</summary>
    public bool Yields { get; init; }

    /// <summary>What it is called in messages and traces.</summary>
    public string Description { get; init; } = "simulated";

    /// <summary>The process that calls; share one between stores to number their calls in one row.</summary>
    public SimulatedProcess? Process { get; init; }
}
