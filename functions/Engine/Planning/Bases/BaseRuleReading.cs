using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Planning.Bases;

/// <summary>
/// Reads from a manifest what a rule is to see: of the versions those in the head, and the few that
/// were read of late, so that the cost does not grow with the history.
/// </summary>
internal static class BaseRuleReading
{
    /// <summary>The state of a machine.</summary>
    /// <param name="manifest">The machine.</param>
    /// <param name="forwards">The versions that have a forward incremental, ascending.</param>
    /// <param name="now">The clock's time.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<BaseRuleState> StateAsync(
        Manifest manifest, IReadOnlyList<VersionRecord> forwards, DateTimeOffset now,
        CancellationToken cancellation)
    {
        var head = manifest.Head;
        var ready = head.Versions.Where(v => v.State == VersionState.Ready).ToList();
        var newest = ready.Count == 0 ? 0 : ready[^1].Number;
        var bytes = forwards.Sum(v => v.Disks.Sum(d => d.ChangedBytes));
        var state = new BaseRuleState(newest, 0, forwards.Count, bytes, [], now);
        // The plain rules look at nothing more.
        if (head.Policy.Base.Kind is not (BaseRuleSettings.Lasting or BaseRuleSettings.MostRead))
            return state;
        var seen = ready.Select(v => new RetainedVersion(v.Number, v.Time)).ToList();
        var pace = SnapshotPace.Of(seen);
        var reads = (head.Reads ?? []).ToDictionary(r => r.Version, r => r.CountAt(now));
        var candidates = new List<BaseCandidate>();
        foreach (var version in reads.Keys.Where(v => ready.Count == 0 || v < ready[0].Number).Order())
        {
            if (await manifest.FindVersionAsync(version, cancellation)
                is { State: VersionState.Ready } older)
                candidates.Add(new BaseCandidate(version, older.Time, null, reads[version]));
        }
        candidates.AddRange(seen.Select(v => new BaseCandidate(
            v.Number, v.Time,
            RetentionForecast.ExpiryOf(v, seen, head.Policy.Keep, IsKept(head, v.Number), pace),
            reads.GetValueOrDefault(v.Number))));
        // An older one that was read may go at any time, as far as is known here.
        return state with
        {
            Standing = await BasePosition.FindAsync(manifest, cancellation),
            Versions = head.Policy.Base.Kind is BaseRuleSettings.Lasting
                ? [.. candidates.Where(c => ready.Exists(r => r.Number == c.Version))]
                : candidates,
        };
    }

    private static bool IsKept(ManifestHead head, int version) =>
        head.Hold is not null || (head.Pins?.Any(p => p.Version == version) ?? false);
}
