using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>
/// Looks at the data of a machine's reverse incrementals and at its packs, a bounded number at
/// once. What lies in a pack is not looked at by itself, and what is too young for the first rung
/// only when everything is asked for: a look is billed too.
/// </summary>
public sealed class TierSurvey
{
    private const int LooksAtOnce = 16;

    private readonly StepServices _services;
    private readonly Manifest _manifest;
    private readonly VersionTimes _times;
    private readonly bool _isWhole;

    private TierSurvey(
        StepServices services, Manifest manifest, VersionTimes times, bool isWhole) =>
        (_services, _manifest, _times, _isWhole) = (services, manifest, times, isWhole);

    private TieringMargins Margins => _services.Options.Tiering;

    /// <summary>Begins a look.</summary>
    /// <param name="services">The parts.</param>
    /// <param name="manifest">The machine's manifest.</param>
    /// <param name="isWhole">Whether what is too young is looked at too, for a report.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<TierSurvey> BeginAsync(
        StepServices services, Manifest manifest, bool isWhole, CancellationToken cancellation) =>
        new(services, manifest,
            await VersionTimes.LoadAsync(manifest, services.Options.Tiering, cancellation), isWhole);

    /// <summary>What becomes of some objects.</summary>
    public TierPlan Plan(TierWindow window) => TierPlan.Make(
        [.. window.Candidates.Select(c => c.Object)], _manifest.Head.Policy.Ladder,
        _services.Options.Prices, _services.Time.GetUtcNow(), Margins);

    /// <summary>The next objects.</summary>
    public Task<TierWindow> LookAsync(TierCursor from, CancellationToken cancellation) =>
        from.Version == TierCursor.PacksMark
            ? PacksAsync(from, cancellation)
            : DeltasAsync(from, cancellation);

    private async Task<TierWindow> DeltasAsync(TierCursor from, CancellationToken cancellation)
    {
        var found = new List<(string Disk, int Shard, DeltaKey Key, TierCursor After)>();
        TierCursor? next = null;
        var versions = _manifest.VersionsAsync(from.Version, cancellation: cancellation);
        await foreach (var version in versions)
        {
            var skip = version.Number == from.Version ? from.Skip : 0;
            var seen = 0;
            foreach (var disk in version.Disks)
            {
                foreach (var edge in await _manifest.EdgesAsync(disk, cancellation))
                {
                    if (seen++ < skip || edge.ReverseOperation == 0) continue;
                    var key = new DeltaKey(version.Number, edge.Previous, edge.ReverseOperation);
                    if (!await IsOpenAsync(disk.Name, edge.Shard, key, cancellation)) continue;
                    found.Add((disk.Name, edge.Shard, key, new TierCursor(version.Number, seen)));
                    if (found.Count == Margins.MostLooked) next = found[^1].After;
                    if (next is not null) break;
                }
                if (next is not null) break;
            }
            if (next is not null) break;
        }
        return new TierWindow(await LookAtAsync(found, cancellation), next ?? TierCursor.Packs);
    }

    /// <summary>Whether anything may become of a delta now.</summary>
    private async ValueTask<bool> IsOpenAsync(
        string disk, int shard, DeltaKey key, CancellationToken cancellation)
    {
        if (!_isWhole && !IsOld(_times.BornOf(key))) return false;
        var pack = await _manifest.PackOfAsync(
            new ShardKey(_manifest.Machine, disk, shard), key, cancellation);
        return pack is null;
    }

    private bool IsOld(DateTimeOffset born) =>
        _manifest.Head.Policy.Ladder is [var first, ..]
        && born != DateTimeOffset.MaxValue
        && born + TimeSpan.FromDays(first.AfterDays) <= _services.Time.GetUtcNow();

    private async Task<IReadOnlyList<(TierCandidate, TierCursor)>> LookAtAsync(
        List<(string Disk, int Shard, DeltaKey Key, TierCursor After)> deltas,
        CancellationToken cancellation)
    {
        var told = new ConcurrentDictionary<int, ObjectProperties>();
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancellation,
        };
        await Parallel.ForEachAsync(Enumerable.Range(0, deltas.Count), parallel, async (i, token) =>
        {
            var shard = new ShardKey(_manifest.Machine, deltas[i].Disk, deltas[i].Shard);
            var name = ObjectNames.DeltaData(shard, deltas[i].Key);
            if (await _services.DeltaStore.FindAsync(name, token) is { } found) told[i] = found;
        });
        var candidates = new List<(TierCandidate, TierCursor)>();
        for (var i = 0; i < deltas.Count; i++)
        {
            // One that is gone is a matter for verification.
            if (!told.TryGetValue(i, out var found)) continue;
            var (disk, shard, key, after) = deltas[i];
            candidates.Add((
                new TierCandidate(
                    disk, shard, key, found.LengthBytes, found.RehydratingTo ?? found.Tier,
                    SinceOf(found), _times.BornOf(key), _times.ExpiryOf(key), _times.IsWarm(key)),
                after));
        }
        return candidates;
    }

    /// <summary>When an object came to its tier; a clock that is ahead of this one moves nothing.</summary>
    private DateTimeOffset SinceOf(ObjectProperties found)
    {
        var (since, now) = (found.TierChanged ?? found.Modified, _services.Time.GetUtcNow());
        return since < now ? since : now;
    }

    private async Task<TierWindow> PacksAsync(TierCursor from, CancellationToken cancellation)
    {
        var candidates = new List<(TierCandidate, TierCursor)>();
        var seen = 0;
        await foreach (var pack in _manifest.AllPacksAsync(cancellation))
        {
            if (seen++ < from.Skip) continue;
            // The youngest member decides when a rung opens, the last one when the pack goes.
            var born = pack.Members.Max(m => _times.BornOf(m.Key));
            var ends = pack.Members.Select(m => _times.ExpiryOf(m.Key)).ToList();
            if (_isWhole || IsOld(born))
            {
                candidates.Add((
                    new TierCandidate(
                        string.Empty, 0, new DeltaKey(0, 0, pack.Operation), pack.LengthBytes,
                        pack.Tier, pack.TierChanged ?? _services.Time.GetUtcNow(), born,
                        ends.Contains(null) ? null : ends.Max(),
                        pack.Members.Any(m => _times.IsWarm(m.Key)), pack.Number),
                    new TierCursor(TierCursor.PacksMark, seen)));
            }
            if (candidates.Count == Margins.MostLooked)
                return new TierWindow(candidates, candidates[^1].Item2);
        }
        return new TierWindow(candidates, null);
    }
}
