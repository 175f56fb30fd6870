namespace SnapshotFunctions.Engine.Manifests;

/// <summary>The sizes that keep a manifest's head small; tests use small ones.</summary>
/// <param name="HeadVersions">
/// Versions that stay in the head; twice as many are there before the older half moves to pages.
/// </param>
/// <param name="PageVersions">The most versions on a page; at most 1,024.</param>
/// <param name="InlineEntries">The most entries of a table that are kept in place; at most 64.</param>
/// <param name="HeadCopies">Dated copies of the head that are kept in each placement.</param>
/// <param name="ClaimTime">How long a claim runs unless it is renewed; null: a minute.</param>
/// <param name="SweepParallelism">How many deletions run side by side in a sweep.</param>
public sealed record ManifestOptions(
    int HeadVersions = 64,
    int PageVersions = ManifestOptions.MaxPageVersions,
    int InlineEntries = ManifestOptions.MaxInlineEntries,
    int HeadCopies = 32,
    TimeSpan? ClaimTime = null,
    int SweepParallelism = 8)
{
    /// <summary>The most versions that any page may hold.</summary>
    public const int MaxPageVersions = 1024;

    /// <summary>The most entries that any table may keep in place.</summary>
    public const int MaxInlineEntries = 64;

    /// <summary>The sizes of a real store.</summary>
    public static ManifestOptions Default { get; } = new();

    /// <summary>How long a claim runs unless it is renewed.</summary>
    public TimeSpan ClaimLength => ClaimTime ?? TimeSpan.FromSeconds(60);

    /// <summary>These options, once they are known to be within their bounds.</summary>
    public ManifestOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(HeadVersions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PageVersions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PageVersions, MaxPageVersions);
        ArgumentOutOfRangeException.ThrowIfNegative(InlineEntries);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(InlineEntries, MaxInlineEntries);
        ArgumentOutOfRangeException.ThrowIfLessThan(HeadCopies, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ClaimLength, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(SweepParallelism, 1);
        return this;
    }
}
