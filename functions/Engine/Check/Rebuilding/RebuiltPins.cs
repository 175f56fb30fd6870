using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>
/// Brings pins of clones and of mounts back: a manifest made anew from the objects alone has none, and one from a
/// copy those of its time; what clones rest on must not expire.
/// </summary>
internal static class RebuiltPins
{
    private const string Reason = "a clone rests on it, as a rebuild has found";
    private const string MountReason = "a writable mount, as a rebuild has found";

    /// <summary>The pins that a machine had, and those of all clones that name it.</summary>
    public static async Task<IReadOnlyList<PinRecord>?> MergeAsync(
        StepServices services, string machine, IReadOnlyList<PinRecord>? known,
        IReadOnlyList<int> versions, DateTimeOffset now, CancellationToken cancellation)
    {
        var pins = (known ?? []).ToList();
        var names = new List<string>();
        await foreach (var name in services.Manifests.ListMachinesAsync(cancellation))
            if (!string.Equals(name, machine, StringComparison.Ordinal)) names.Add(name);
        foreach (var name in names)
        {
            if (await OriginOfAsync(services, name, cancellation) is not { } origin
                || !string.Equals(origin.Machine, machine, StringComparison.Ordinal)
                || !versions.Contains(origin.Version)
                || pins.Exists(p => IsOf(p, origin, name))) continue;
            pins.Add(new PinRecord(origin.Version, origin.PinOwner(name), Reason, now));
        }
        foreach (var mount in await MountsAsync(services, machine, cancellation))
        {
            if (mount.IsReadable && versions.Contains(mount.Version) && !pins.Exists(
                p => string.Equals(p.Owner, mount.PinOwner, StringComparison.Ordinal)))
                pins.Add(new PinRecord(
                    mount.Version, mount.PinOwner, MountReason, mount.Created));
        }
        return pins.Count == 0 ? null
            : [.. pins.OrderBy(p => p.Version).ThenBy(p => p.Owner, StringComparer.Ordinal)];
    }

    /// <summary>Pins what a clone rests on; answers what is wrong with that, if anything.</summary>
    public static async Task<string?> PinOriginAsync(
        StepServices services, string machine, OriginRecord? origin,
        CancellationToken cancellation)
    {
        if (origin is null) return null;
        try
        {
            var found = await services.Manifests.FindAsync(origin.Machine, cancellation);
            var version = found is null ? null
                : await found.FindVersionAsync(origin.Version, cancellation);
            if (version?.Fingerprint != origin.Fingerprint)
                return $"Version {origin.Version} of '{origin.Machine}', which it rests on, "
                    + "is not listed: rebuild that machine too.";
            await services.Manifests.UpdateAsync(
                origin.Machine,
                edit =>
                {
                    if (!(edit.Head.Pins ?? []).Any(p => IsOf(p, origin, machine)))
                        edit.Pin(new PinRecord(
                            origin.Version, origin.PinOwner(machine), Reason, edit.Now));
                    return ValueTask.CompletedTask;
                },
                cancellation);
            return null;
        }
        catch (CorruptObjectException error)
        {
            return $"What it rests on cannot be pinned: {error.Message}";
        }
    }

    /// <summary>A record that cannot be read brings no pin; what was written there is lost.</summary>
    private static async Task<IReadOnlyList<MountRecord>> MountsAsync(
        StepServices services, string machine, CancellationToken cancellation)
    {
        try
        {
            return await services.Mounts.StoredAsync(machine, cancellation);
        }
        catch (CorruptObjectException)
        {
            return [];
        }
    }

    private static bool IsOf(PinRecord pin, OriginRecord origin, string clone) =>
        pin.Version == origin.Version
        && string.Equals(pin.Owner, origin.PinOwner(clone), StringComparison.Ordinal);

    /// <summary>A head that cannot be read names its origin when it is rebuilt itself.</summary>
    private static async Task<OriginRecord?> OriginOfAsync(
        StepServices services, string machine, CancellationToken cancellation)
    {
        try
        {
            return (await services.Manifests.FindAsync(machine, cancellation))?.Head.Origin;
        }
        catch (CorruptObjectException)
        {
            return null;
        }
    }
}
