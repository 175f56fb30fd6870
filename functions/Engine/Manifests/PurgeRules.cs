using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>What a machine that is to be deleted refuses, and what refuses its deletion.</summary>
public static class PurgeRules
{
    /// <summary>Goes on with a machine that is not to be deleted.</summary>
    /// <exception cref="RefusedException">Reason "purged": it is.</exception>
    public static void RequireKept(ManifestHead head)
    {
        if (head.Purged is { } since)
            throw new RefusedException(
                "purged",
                $"'{head.Machine}' is to be deleted since {since:u}: 'purge {head.Machine} "
                + "--cancel' keeps it.");
    }

    /// <summary>Goes on with a machine that nobody needs.</summary>
    /// <exception cref="RefusedException">
    /// Reason "hold" or "pinned": the message says by whom.
    /// </exception>
    public static void RequireUnneeded(ManifestHead head)
    {
        if (head.Hold is { } hold)
            throw new RefusedException(
                "hold",
                $"A legal hold lies on '{head.Machine}' since {hold.Time:u}"
                + (hold.Reason is null ? "" : $" ({hold.Reason})") + ": it cannot be deleted.");
        if (head.Pins is { Count: > 0 } pins)
            throw new RefusedException(
                "pinned",
                $"'{head.Machine}' has {pins.Count} pinned versions, the first {pins[0].Version} "
                + $"by {Describe(pins[0])}: flatten or delete its clones and unpin the others "
                + "first.");
    }

    private static string Describe(PinRecord pin) =>
        OriginRecord.CloneOf(pin.Owner) is { } clone ? $"the clone '{clone}'" : $"'{pin.Owner}'";
}
