using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>What a policy means for the versions that a machine has now.</summary>
public static class PolicyEffect
{
    /// <summary>The versions that can be restored, ascending.</summary>
    public static async Task<IReadOnlyList<RetainedVersion>> VersionsAsync(
        Manifest manifest, CancellationToken cancellation)
    {
        var versions = new List<RetainedVersion>();
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
            if (version.State == VersionState.Ready)
                versions.Add(new RetainedVersion(version.Number, version.Time));
        return versions;
    }

    /// <summary>
    /// The versions that the next retention would expire by a new policy and not by the one that
    /// stands, ascending; all of them, also those that are left for a later run.
    /// </summary>
    public static IReadOnlyList<int> Expires(
        ManifestHead head, IReadOnlyList<RetainedVersion> versions, MachinePolicy policy,
        DateTimeOffset now)
    {
        var margins = RetentionMargins.Default with { MostExpired = int.MaxValue };
        var going = Expired(head.Policy).ToHashSet();
        return [.. Expired(policy).Where(v => !going.Contains(v))];

        IEnumerable<int> Expired(MachinePolicy of) => RetentionPlan.Make(
            versions, of.Keep, head.Pins ?? [], head.Hold is not null, now, margins).Expired;
    }

    /// <summary>When each version is expected to expire; null for never.</summary>
    public static IReadOnlyDictionary<int, DateTimeOffset?> Expiries(
        ManifestHead head, IReadOnlyList<RetainedVersion> versions)
    {
        var pinned = (head.Pins ?? []).Select(p => p.Version).ToHashSet();
        var pace = SnapshotPace.Of(versions);
        return versions.ToDictionary(
            v => v.Number,
            v => RetentionForecast.ExpiryOf(
                v, versions, head.Policy.Keep,
                head.Hold is not null || pinned.Contains(v.Number), pace));
    }
}
