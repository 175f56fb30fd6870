namespace SnapshotFunctions.Engine.Policies;

/// <summary>How often what is stored is looked over.</summary>
/// <param name="QuickHours">
/// Hours from one quick look (objects, sizes, tiers, indexes, fingerprints) to the next; 0: never.
/// </param>
/// <param name="ReadAllDays">
/// Days in which every online byte is read once, a share a day; 0: never by itself.
/// </param>
public sealed record VerifySettings(int QuickHours, int ReadAllDays)
{
    /// <summary>A quick look every day, all bytes in 30 days.</summary>
    public static VerifySettings Default { get; } = new(24, 30);
}
