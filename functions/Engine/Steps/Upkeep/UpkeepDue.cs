using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Planning;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Steps.Upkeep;

/// <summary>
/// What upkeep has to do for a machine now. Due is what was not done yet since the time's slot
/// began: slots of so many hours or days from a fixed day on, so that a run which came late does not
/// shift those after it, and runs that were missed are caught up once.
/// </summary>
/// <param name="Retention">Whether versions are to expire by the policy.</param>
/// <param name="Tiering">Whether deltas are to go down the ladder.</param>
/// <param name="Quick">Whether all objects are to be looked at.</param>
/// <param name="Share">The share of the bytes that is to be read; null for none.</param>
/// <param name="Purge">Whether the machine is to be deleted: then that is all there is to do.</param>
public sealed record UpkeepDue(
    bool Retention, bool Tiering, bool Quick, VerifyShare? Share, bool Purge = false)
{
    private static readonly DateTimeOffset Origin = DateTimeOffset.UnixEpoch;

    /// <summary>Whether there is nothing to do but the sweep.</summary>
    public bool IsNothing => !Retention && !Tiering && !Quick && Share is null && !Purge;

    /// <summary>What is due by a head.</summary>
    public static UpkeepDue Of(ManifestHead head, DateTimeOffset now)
    {
        var (policy, done) = (head.Policy, head.Upkeep ?? new UpkeepRecord());
        if (head.Purged is { } since)
            return new UpkeepDue(
                false, false, false, null, since.AddSeconds(policy.GraceSeconds) <= now);
        var verify = policy.Verify ?? new VerifySettings(0, 0);
        return new UpkeepDue(
            policy.Keep is { KeepsAll: false } && head.Hold is null && Slots(done.Retention, now, 24) > 0,
            policy.Ladder is { Count: > 0 } && Slots(done.Tiering, now, 24) > 0,
            verify.QuickHours > 0 && Slots(done.Quick, now, verify.QuickHours) > 0,
            ShareOf(verify.ReadAllDays, done, now));
    }

    /// <summary>A part for every day since the last; after a long pause, all there are.</summary>
    private static VerifyShare? ShareOf(int days, UpkeepRecord done, DateTimeOffset now)
    {
        if (days == 0) return null;
        var missed = done.Share is null ? 1 : Slots(done.Share, now, 24);
        return missed <= 0 ? null
            : new VerifyShare(days, done.NextShare % days, (int)Math.Min(days, missed));
    }

    private static long Slots(DateTimeOffset? last, DateTimeOffset now, int hours)
    {
        var length = TimeSpan.FromHours(hours).Ticks;
        return last is { } time
            ? ((now - Origin).Ticks / length) - ((time - Origin).Ticks / length)
            : long.MaxValue;
    }
}
