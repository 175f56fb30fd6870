using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// Checks what ties a clone to its origin: the version is there, and pinned for it; and of an
/// origin that every such pin has its clone, and every pin of a mount its mount.
/// </summary>
internal static class OriginCheck
{
    public static async Task RunAsync(
        StepServices services, Manifest manifest, Findings findings,
        CancellationToken cancellation)
    {
        if (manifest.Head.Origin is { } origin)
            await CheckAsync(services, manifest, origin, findings, cancellation);
        foreach (var pin in manifest.Head.Pins ?? [])
        {
            if (MountRecord.MountOf(pin.Owner) is { } id
                && await services.Mounts.Records.FindAsync(
                    manifest.Machine, id, cancellation) is null)
                findings.Warn(
                    ObjectNames.Head(manifest.Machine), $"mount '{id}' of version {pin.Version}",
                    "none, and its pin");
            if (OriginRecord.CloneOf(pin.Owner) is not { } name
                || await ClonePins.IsNeededAsync(
                    services.Manifests, manifest.Machine, pin, cancellation)) continue;
            findings.Warn(
                ObjectNames.Head(manifest.Machine), $"a clone '{name}' of version {pin.Version}",
                "none; upkeep takes the pin away");
        }
    }

    private static async Task CheckAsync(
        StepServices services, Manifest manifest, OriginRecord origin, Findings findings,
        CancellationToken cancellation)
    {
        var name = ObjectNames.Head(origin.Machine);
        var versions = new List<VersionMark>();
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
            versions.Add(new VersionMark(version.Number, version.State));
        try
        {
            var found = await services.Manifests.FindAsync(origin.Machine, cancellation);
            var version = found is null ? null
                : await found.FindVersionAsync(origin.Version, cancellation);
            if (version?.Fingerprint != origin.Fingerprint)
                findings.Add(
                    name, $"version {origin.Version} of fingerprint {origin.Fingerprint}, which "
                    + $"'{manifest.Machine}' rests on",
                    found is null ? "no machine" : version is null ? "no such version"
                        : $"{version.Fingerprint}", versions);
            else if (!(found!.Head.Pins ?? []).Any(p => p.Version == origin.Version
                && string.Equals(
                    p.Owner, origin.PinOwner(manifest.Machine), StringComparison.Ordinal)))
                findings.Add(
                    name, $"a pin on version {origin.Version} for '{manifest.Machine}'", "none",
                    versions);
        }
        catch (CorruptObjectException error)
        {
            findings.Add(error, name, versions);
        }
        await CheckNoteAsync(services, manifest.Machine, findings, cancellation);
    }

    /// <summary>What a rebuild of the clone would need: in both placements.</summary>
    private static async Task CheckNoteAsync(
        StepServices services, string machine, Findings findings, CancellationToken cancellation)
    {
        foreach (var store in new[] { services.BaseStore, services.DeltaStore }.Distinct())
        {
            var isThere = false;
            await foreach (var found in store.ListAsync(ObjectNames.Origins(machine), cancellation))
            {
                try
                {
                    await OriginNote.ReadAsync(store, found.Name, machine, cancellation);
                    isThere = true;
                }
                catch (SnapshotException error) when (error is not StoreBusyException)
                {
                    findings.Warn(found.Name, "what the clone began from", error.Message);
                }
            }
            if (!isThere)
                findings.Warn(
                    ObjectNames.Origins(machine),
                    $"what the clone began from, in {store.Description}", "none");
        }
    }
}
