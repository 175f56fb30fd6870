namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>Every safety margin of retention.</summary>
public sealed record RetentionMargins
{
    /// <summary>A version younger than this stays, whatever the rules say.</summary>
    public TimeSpan YoungestExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>So many of the newest versions stay, whatever the rules say.</summary>
    public int NewestKept { get; init; } = 1;

    /// <summary>
    /// So many versions expire in one run at most: a clock or a policy gone wrong costs no more
    /// before somebody can look.
    /// </summary>
    public int MostExpired { get; init; } = 1024;

    /// <summary>
    /// A version's time may lie this far in the future; when the newest lies further, nothing
    /// expires, as a clock is wrong.
    /// </summary>
    public TimeSpan MostAhead { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The margins of a real store.</summary>
    public static RetentionMargins Default { get; } = new();
}
