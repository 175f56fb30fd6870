namespace SnapshotFunctions.Local.Store;

/// <summary>How a folder store behaves where the folder itself leaves it open.</summary>
public sealed record FolderStoreOptions
{
    /// <summary>The clock that dates writes and ends rehydrations.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// How long an archived object takes to come back. No disk needs it; it keeps whoever tries
    /// the product on one machine from relying on what no archive does.
    /// </summary>
    public TimeSpan RehydrationTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a staged block that no commit names is kept.</summary>
    public TimeSpan StagedLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Staged blocks at least so long begin at a page of their file, so that they can be written
    /// past the page cache.
    /// </summary>
    internal int PagedFromBytes { get; init; } = DirectWriter.LeastBytes;
}
