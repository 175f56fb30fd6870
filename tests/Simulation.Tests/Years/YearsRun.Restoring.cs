using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Restoring;

namespace SnapshotFunctions.SimulationTests.Years;

/// <content>What is archived, and how it comes back.</content>
internal sealed partial class YearsRun
{
    private readonly MemoryRestoreTargets _targets = new();
    private readonly List<int[]> _gaps = [];
    private readonly Dictionary<int, DateTimeOffset> _times = [];

    /// <summary>
    /// The hours in which nothing was taken, each with the number of snapshots before them.
    /// </summary>
    public IReadOnlyList<int[]> Gaps => _gaps;

    /// <summary>How long the last restore took.</summary>
    public TimeSpan RestoreTime { get; private set; }

    /// <summary>The objects that were brought back for restores.</summary>
    public int RehydratedObjects { get; private set; }

    /// <summary>How long ago a version was taken.</summary>
    public TimeSpan AgeOf(int version) => Clock.GetUtcNow() - _times[version];

    /// <summary>
    /// Reads a version whole: the archived object that stops it; null when it reads as its copy.
    /// </summary>
    public async Task<string?> ArchivedObjectAsync(int version)
    {
        try
        {
            var wrong = await FirstWrongByteAsync(version);
            return wrong < 0 ? null : throw new InvalidDataException(
                $"Version {version} differs first at {wrong}.");
        }
        catch (ObjectArchivedException archived)
        {
            // The store itself must say so, not only an index.
            var found = await _delta.FindAsync(archived.ObjectName);
            if (found is not { Tier: StorageTier.Archive, RehydratingTo: null }) throw;
            return archived.ObjectName;
        }
    }

    /// <summary>Restores an archived version while the guest rests: a plan of it holds.</summary>
    public async Task RestoreQuietlyAsync(int version)
    {
        var start = Clock.GetUtcNow();
        var result = await RunAsync(RestoreNames.Restore, Input(version), margin: 0.001m);
        await CheckRestoredAsync(result, start);
        // A whole number of days goes by, so that the days stay what they are.
        var rested = (int)Math.Ceiling((Clock.GetUtcNow() - start).TotalDays) * 24;
        _next += TimeSpan.FromHours(rested);
        if (_gaps is [.., var last] && last[0] == _snapshots) last[1] += rested;
        else _gaps.Add([_snapshots, rested]);
        Clock.Advance(start.AddHours(rested) - Clock.GetUtcNow());
    }

    /// <summary>
    /// Restores an archived version while snapshots are taken, expire and move down the ladder: a
    /// wait of hours holds up none of them.
    /// </summary>
    public async Task RestoreMeanwhileAsync(int version)
    {
        var (start, before) = (Clock.GetUtcNow(), _snapshots);
        var result = await RunAsync(RestoreNames.Restore, Input(version), LiveUntilAsync);
        await CheckRestoredAsync(result, start);
        if (_snapshots - before < 15 / _stepHours)
            throw new InvalidDataException($"{_snapshots - before} snapshots in the meantime.");
        await DayAsync();
    }

    private async Task LiveUntilAsync(DateTimeOffset time)
    {
        while (_next <= time) await StepAsync();
        if (time > Clock.GetUtcNow()) Clock.Advance(time - Clock.GetUtcNow());
    }

    private static RestoreInput Input(int version) => new(
        Machine, "out.raw", version, "disk0", Overwrite: true, Rehydrate: RehydrationWish.Usual);

    /// <summary>Bit for bit, slowly, and nothing of it is left.</summary>
    private async Task CheckRestoredAsync(RestoreResult result, DateTimeOffset start)
    {
        RestoreTime = Clock.GetUtcNow() - start;
        RehydratedObjects += result.RehydratedObjects;
        var alike = _targets["out.raw"].AsSpan().SequenceEqual(Model[result.Version]);
        _targets.Clear();
        var left = _delta.Names().Where(
            n => ObjectNames.TryParseRehydrated(n, out _, out _, out _)).ToList();
        var head = (await Services(_base, _delta).Manifests.LoadAsync(Machine)).Head;
        if (!alike || result.RehydratedObjects == 0 || left.Count > 0 || head.Rehydrated is not null
            || RestoreTime < TimeSpan.FromHours(15) || RestoreTime > TimeSpan.FromHours(16))
            throw new InvalidDataException(
                $"Version {result.Version}: alike {alike}, {result.RehydratedObjects} brought back "
                + $"in {RestoreTime}, {left.Count} left, listed {head.Rehydrated?.Count}.");
    }
}
