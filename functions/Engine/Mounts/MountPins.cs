using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>
/// Pins versions for mounts, those of this machine and those in the object store. A mount is
/// written down before its version is pinned and unpinned before its record goes.
/// </summary>
public static class MountPins
{
    /// <summary>Pins a mount's version, which must still be the one that it was.</summary>
    /// <param name="manifests">The manifests.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="isIt">Whether a version of the number is the one that is mounted.</param>
    /// <param name="pin">The pin; one that stands is left.</param>
    /// <param name="advice">What to do where the version is another one now.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="NoSuchException">The version is gone, or another one.</exception>
    public static Task PinAsync(
        ManifestStore manifests, string machine, Func<VersionRecord, bool> isIt, PinRecord pin,
        string advice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        ArgumentNullException.ThrowIfNull(pin);
        return manifests.UpdateAsync(
            machine,
            async edit =>
            {
                PurgeRules.RequireKept(edit.Head);
                var version = await ViewOpener.FindAsync(edit.Before, pin.Version, cancellation);
                if (!isIt(version))
                {
                    throw new NoSuchException(
                        $"version {pin.Version} of '{machine}' any more as it was mounted",
                        advice);
                }
                if ((edit.Head.Pins ?? []).Any(p => p.Version == pin.Version
                    && string.Equals(p.Owner, pin.Owner, StringComparison.Ordinal))) return;
                Pinning.RequireRoom(edit.Head);
                edit.Pin(pin);
            },
            cancellation);
    }

    /// <summary>Takes a mount's pin away, if it is there.</summary>
    public static async Task UnpinAsync(
        ManifestStore manifests, string machine, int version, string owner,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        // To load it would name all machines to who asks for one that is gone, pins and all.
        if (await manifests.FindAsync(machine, cancellation) is null) return;
        try
        {
            await manifests.UpdateAsync(
                machine,
                edit =>
                {
                    edit.Unpin(version, owner);
                    return ValueTask.CompletedTask;
                },
                cancellation);
        }
        catch (NoSuchException)
        {
            // It went meanwhile.
        }
    }
}
