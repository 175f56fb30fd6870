using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>The versions' times, and when each of them is expected to expire.</summary>
internal sealed class VersionTimes
{
    private readonly Dictionary<int, DateTimeOffset> _times = [];
    private readonly Dictionary<int, DateTimeOffset?> _expiries = [];
    private readonly List<RetainedVersion> _ready = [];
    private readonly ManifestHead _head;
    private readonly HashSet<int> _pinned;
    private readonly TimeSpan _pace;
    private readonly int _warmFrom;
    private readonly int _clonedFrom;

    private VersionTimes(ManifestHead head, List<VersionRecord> versions, TieringMargins margins)
    {
        _head = head;
        _pinned = [.. (head.Pins ?? []).Select(p => p.Version)];
        foreach (var version in versions)
        {
            _times.Add(version.Number, version.Time);
            if (version.State == VersionState.Ready)
                _ready.Add(new RetainedVersion(version.Number, version.Time));
        }
        _pace = PaceOf(_ready, margins);
        _clonedFrom = (head.Pins ?? [])
            .Where(p => p.Owner.StartsWith(OriginRecord.PinPrefix, StringComparison.Ordinal))
            .Select(p => p.Version).DefaultIfEmpty(int.MaxValue).Min();
        _warmFrom = versions.Count < margins.WarmReverses || margins.WarmReverses == 0
            ? margins.WarmReverses == 0 ? int.MaxValue : 0
            : versions[^margins.WarmReverses].Number;
    }

    /// <summary>Reads all versions of a manifest.</summary>
    public static async Task<VersionTimes> LoadAsync(
        Manifest manifest, TieringMargins margins, CancellationToken cancellation)
    {
        var versions = new List<VersionRecord>();
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
            versions.Add(version);
        return new VersionTimes(manifest.Head, versions, margins);
    }

    /// <summary>
    /// Whether an undo of one of the newest versions would read the delta, or a clone does.
    /// </summary>
    public bool IsWarm(DeltaKey key) => key.Edge >= _warmFrom || key.To >= _clonedFrom;

    /// <summary>The time of the version that a reverse delta leads to; its edge's where that is gone.</summary>
    public DateTimeOffset BornOf(DeltaKey key) =>
        _times.TryGetValue(key.To, out var time) ? time
        : _times.TryGetValue(key.From, out time) ? time : DateTimeOffset.MaxValue;

    /// <summary>
    /// When a delta is expected to go or to be replaced: when either of its ends expires; null for
    /// never. An end that is gone already says nothing more.
    /// </summary>
    public DateTimeOffset? ExpiryOf(DeltaKey key)
    {
        var (one, other) = (ExpiryOf(key.From), ExpiryOf(key.To));
        return one is null ? other : other is null || one < other ? one : other;
    }

    private DateTimeOffset? ExpiryOf(int version)
    {
        if (!_times.TryGetValue(version, out var time)) return null;
        if (_expiries.TryGetValue(version, out var known)) return known;
        var retained = new RetainedVersion(version, time);
        var expiry = _ready.Count == 0 ? null : RetentionForecast.ExpiryOf(
            retained, _ready, _head.Policy.Keep, _head.Hold is not null || _pinned.Contains(version),
            _pace);
        _expiries.Add(version, expiry);
        return expiry;
    }

    /// <summary>The usual time between two snapshots: the middle one of the newest gaps.</summary>
    private static TimeSpan PaceOf(List<RetainedVersion> versions, TieringMargins margins)
    {
        const int MostGaps = 21;
        var newest = versions.TakeLast(MostGaps + 1).ToList();
        var gaps = newest.Zip(newest.Skip(1), (a, b) => b.Time - a.Time)
            .Where(g => g > TimeSpan.Zero).Order().ToList();
        return gaps.Count == 0 ? margins.Pace : gaps[gaps.Count / 2];
    }
}
