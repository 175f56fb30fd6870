using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Sets and lifts what a person keeps versions by.</summary>
public static class Pinning
{
    /// <summary>The most characters of a reason.</summary>
    public const int MostReason = 500;

    /// <summary>Sets or takes a person's pin; one that stands with the same reason is left.</summary>
    /// <param name="manifests">The manifests.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="version">The version; null for the newest.</param>
    /// <param name="isPin">Whether it is set.</param>
    /// <param name="reason">Why; null for none.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="NoSuchException">There is no such version to pin.</exception>
    public static async Task<(int Version, bool Changed)> SetPinAsync(
        ManifestStore manifests, string machine, int? version, bool isPin, string? reason,
        CancellationToken cancellation)
    {
        CheckReason(reason);
        var (number, changed) = (0, false);
        await manifests.UpdateAsync(
            machine,
            async edit =>
            {
                number = version ?? edit.Before.NewestNumber;
                // A pin on what has gone already can still be taken away.
                if (!isPin)
                {
                    changed = edit.Unpin(number, PinRecord.User);
                    return;
                }
                if (await edit.FindVersionAsync(number, cancellation)
                    is not { State: VersionState.Ready })
                    throw new NoSuchException(
                        $"version {number} of '{machine}' that can be restored",
                        "Only such a version can be pinned.");
                changed = !(edit.Head.Pins ?? []).Any(p => p.Version == number
                    && p.Owner is PinRecord.User
                    && string.Equals(p.Reason, reason, StringComparison.Ordinal));
                if (!changed) return;
                RequireRoom(edit.Head);
                edit.Pin(new PinRecord(number, PinRecord.User, reason, edit.Now));
            },
            cancellation);
        return (number, changed);
    }

    /// <summary>Lays a hold on a machine or lifts it; answers whether that changed anything.</summary>
    public static async Task<bool> SetHoldAsync(
        ManifestStore manifests, string machine, bool isHold, string? reason,
        CancellationToken cancellation)
    {
        CheckReason(reason);
        var changed = false;
        await manifests.UpdateAsync(
            machine,
            edit =>
            {
                changed = isHold
                    ? edit.Head.Hold is null || (reason is not null && !string.Equals(
                        edit.Head.Hold.Reason, reason, StringComparison.Ordinal))
                    : edit.Head.Hold is not null;
                // A hold that stands keeps its time, and its reason unless a new one is given.
                if (changed)
                    edit.SetHold(isHold
                        ? new HoldRecord(reason, edit.Head.Hold?.Time ?? edit.Now) : null);
                return ValueTask.CompletedTask;
            },
            cancellation);
        return changed;
    }

    /// <summary>Goes on with a machine that may have one more pin.</summary>
    /// <exception cref="RefusedException">Reason "pins": it has as many as there may be.</exception>
    public static void RequireRoom(ManifestHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        if (head.Pins?.Count >= PinRecord.MostPins)
            throw new RefusedException(
                "pins",
                $"'{head.Machine}' has {PinRecord.MostPins} pins: take some away first.");
    }

    private static void CheckReason(string? reason)
    {
        if (reason?.Length > MostReason)
            throw new RefusedException(
                "parameter", $"reason: expected at most {MostReason} characters; found "
                + $"{reason.Length}.");
    }
}
