using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Planning.Bases;

/// <summary>
/// Reads from a manifest what a rule is to see: of the versions those in the head, and a few that
/// were read of late or are pinned, so that the cost does not grow with the history.
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
        foreach (var version in Older(head, reads.Keys, ready.Count == 0 ? 0 : ready[0].Number))
        {
            if (await manifest.FindVersionAsync(version, cancellation)
                is { State: VersionState.Ready } older)
                candidates.Add(new BaseCandidate(
                    version, older.Time, null, reads.GetValueOrDefault(version)));
        }
        candidates.AddRange(seen.Select(v => new BaseCandidate(
            v.Number, v.Time,
            RetentionForecast.ExpiryOf(v, seen, head.Policy.Keep, IsKept(head, v.Number), pace),
            reads.GetValueOrDefault(v.Number))));
        return state with
        {
            Standing = await BasePosition.FindAsync(manifest, cancellation),
            Versions = candidates,
        };
    }

    /// <summary>
    /// Versions below those in the head that a rule may want: those that are read, or, of those that
    /// never go as long as they are pinned, the newest.
    /// </summary>
    private static IEnumerable<int> Older(ManifestHead head, IEnumerable<int> read, int first)
    {
        var wanted = head.Policy.Base.Kind is BaseRuleSettings.MostRead
            ? read
            : (head.Pins ?? []).Select(p => p.Version).Where(v => v < first)
                .OrderDescending().Distinct().Take(ReadRecord.MostRecords);
        return wanted.Where(v => v < first).Order();
    }

    private static bool IsKept(ManifestHead head, int version) =>
        head.Hold is not null || (head.Pins?.Any(p => p.Version == version) ?? false);
}
