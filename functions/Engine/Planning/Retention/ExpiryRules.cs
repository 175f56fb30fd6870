using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>Which versions of a machine may expire, told from its manifest.</summary>
public static class ExpiryRules
{
    /// <summary>What retention sees: the versions that can be restored, ascending.</summary>
    public static async Task<IReadOnlyList<RetainedVersion>> VersionsAsync(
        Manifest manifest, CancellationToken cancellation)
    {
        var versions = new List<RetainedVersion>();
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
            if (version.State == VersionState.Ready)
                versions.Add(new RetainedVersion(version.Number, version.Time));
        return versions;
    }

    /// <summary>What the machine's policy says of them.</summary>
    public static RetentionPlan PlanOf(
        Manifest manifest, IReadOnlyList<RetainedVersion> versions, DateTimeOffset now,
        RetentionMargins margins) => RetentionPlan.Make(
            versions, manifest.Head.Policy.Keep, manifest.Head.Pins ?? [],
            manifest.Head.Hold is not null, now, margins);

    /// <summary>Refuses a version that must not expire by name.</summary>
    /// <exception cref="NoSuchException">There is no such version.</exception>
    /// <exception cref="RefusedException">
    /// Reason "hold", "newest" or "pinned": the message says what to do.
    /// </exception>
    public static async Task RequireAsync(
        Manifest manifest, int version, CancellationToken cancellation)
    {
        var (head, machine) = (manifest.Head, manifest.Machine);
        if (head.Hold is { } hold)
            throw new RefusedException(
                "hold",
                $"A legal hold lies on '{machine}' since {hold.Time:u}"
                + (hold.Reason is null ? "" : $" ({hold.Reason})") + ": nothing of it expires.");
        var found = await manifest.FindVersionAsync(version, cancellation);
        if (found is not { State: VersionState.Ready or VersionState.Hidden })
            throw new NoSuchException(
                $"version {version} of '{machine}'", $"The newest is {manifest.NewestNumber}.");
        if (await manifest.NewestReadyAsync(cancellation) <= version)
            throw new RefusedException(
                "newest",
                $"Version {version} is the newest of '{machine}': use 'undo {machine}' to take it "
                + "back.");
        var owners = (head.Pins ?? []).Where(p => p.Version == version).Select(p => p.Owner);
        var pins = string.Join(", ", owners);
        if (pins.Length > 0)
            throw new RefusedException(
                "pinned", $"Version {version} of '{machine}' is pinned by {pins}: unpin it first.");
    }
}
