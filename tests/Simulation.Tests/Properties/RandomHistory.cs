using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.SimulationTests.Check;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.SimulationTests.Tiering;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Properties;

/// <summary>
/// A machine's life in random rounds, all from one seed, beside a model of full copies. What a
/// round did is logged, so that a failure tells how it came about.
/// </summary>
internal sealed partial class RandomHistory(int seed)
{
    private static readonly string[] DiskNames = ["disk0", "data", "swap"];

    private readonly Random _random = new(seed);
    private readonly Random _fileRandom = new(seed);
    private readonly List<string> _log = [];

    public Rig Rig { get; } = new(TinyTiers.On(
        new EngineOptions
        {
            ChunkSteps = 4, ReverseTier = StorageTier.Cool,
            // Shorter than windows are otherwise, as beside a folder, or as long.
            ChangeWindowBlocks = 1 + (seed % 3),
        }));

    public int Rejected { get; private set; }

    public int Packed { get; private set; }

    public string Log => $"seed {seed}:\n{string.Join('\n', _log)}";

    private SortedDictionary<string, byte[]> Newest => Rig.Model.Last().Value;

    /// <summary>Ingests the first version, by random rules.</summary>
    public async Task BeginAsync()
    {
        await SetRuleAsync();
        var disks = DiskNames.Take(_random.Next(1, 3))
            .Select(d => (d, RandomEdits.NewDisk(_random))).ToArray();
        _log.Add($"first: {string.Join(", ", disks.Select(d => $"{d.d} {d.Item2.Length}"))}");
        await Rig.IngestAsync(disks);
    }

    /// <summary>One round: something happens, and some versions are read back.</summary>
    public async Task RoundAsync(int round)
    {
        var kind = _random.Next(100);
        _log.Add($"round {round}: ({kind})");
        ChangeFiles();
        await (kind switch
        {
            < 45 => IngestAsync(null),
            < 52 => IngestAsync(Pick()),
            < 55 => EmptyAsync(),
            < 68 => ConsolidateAsync(),
            < 74 => UndoAsync(),
            < 79 => RejectAsync(),
            < 82 => SetRuleAsync(),
            < 85 => AdvanceAsync(),
            < 88 => RestartAsync(),
            < 94 => ExpireAsync(),
            < 97 => TierAsync(),
            _ => RetainAsync(),
        });
        await Rig.CheckAsync(Rig.Model.Keys.Last(), $"round {round}, newest");
        await Rig.CheckAsync(Pick(), $"round {round}");
    }

    /// <summary>What the next snapshot brings of machine files; mostly the same as before.</summary>
    private void ChangeFiles()
    {
        var name = $"file{_fileRandom.Next(4)}";
        switch (_fileRandom.Next(6))
        {
            case 0:
                Rig.Files[name] = new byte[_fileRandom.Next(20)];
                _fileRandom.NextBytes(Rig.Files[name]);
                _log.Add($"  {name}: {Rig.Files[name].Length} bytes");
                break;
            case 1:
                if (Rig.Files.Remove(name)) _log.Add($"  {name}: none");
                break;
            default:
                break;
        }
    }

    private int Pick() => Rig.Model.Keys.ElementAt(_random.Next(Rig.Model.Count));

    private async Task SetRuleAsync()
    {
        var (kind, forwards) = _random.Next(3) switch
        {
            0 => (BaseRuleSettings.Newest, 1),
            1 => (BaseRuleSettings.AfterForwards, _random.Next(2, 6)),
            _ => (BaseRuleSettings.AfterForwards, 100_000),
        };
        _log.Add($"  rule {kind} {forwards}");
        // Nothing is archived: every version is to be read at any time.
        LadderRung[] ladder = _random.Next(3) switch
        {
            0 => [new(1, StorageTier.Cool)],
            1 => [new(0, StorageTier.Cool), new(9, StorageTier.Cold)],
            _ => [new(2, StorageTier.Cold)],
        };
        await Rig.SetPolicyAsync(
            new MachinePolicy(new BaseRuleSettings(kind, forwards), 600) { Ladder = ladder });
    }

    /// <summary>Full images and overlays of all disks; a parent is named where it is not null.</summary>
    private async Task IngestAsync(int? parent)
    {
        var below = parent is { } named ? Rig.Model[named] : Newest;
        var isNamed = parent is not null || _random.Next(4) == 0;
        var files = new List<(string, byte[])>();
        var contents = new List<(string, byte[])>();
        foreach (var (disk, newest) in Newest)
        {
            var isOverlay = below.ContainsKey(disk) && (parent is not null || _random.Next(2) == 0);
            var (file, content, what) = isOverlay
                ? Overlay(below[disk])
                : Full(newest, disk);
            _log.Add($"  {disk}: {what}, {content.Length} bytes");
            files.Add((disk, file));
            contents.Add((disk, content));
        }
        if (files.Count < DiskNames.Length && _random.Next(25) == 0)
        {
            var name = DiskNames.First(d => !Newest.ContainsKey(d));
            var content = RandomEdits.NewDisk(_random);
            _log.Add($"  {name}: new, {content.Length} bytes");
            files.Add((name, content));
            contents.Add((name, content));
        }
        var number = parent ?? (isNamed ? Rig.Model.Keys.Last() : null);
        var result = await Rig.IngestAsync([.. files], [.. contents], number);
        _log.Add($"  -> version {result.Version} on {number}, base {result.Base}");
    }

    private (byte[] File, byte[] Content, string What) Overlay(byte[] parent)
    {
        var size = _random.Next(4) == 0 ? RandomEdits.Size(_random, 70_000) : parent.Length;
        var changes = _random.Next(3) == 0 ? _random.Next(40) : _random.Next(6);
        var overlay = RandomOverlay.On(_random, parent, size, changes, "an-unknown.qcow2");
        return (overlay.File, overlay.Content, $"overlay of {changes}");
    }

    private (byte[] File, byte[] Content, string What) Full(byte[] newest, string disk)
    {
        if (_random.Next(4) == 0) return (newest, newest, "same");
        var others = Rig.Model.Values.Where(v => v.ContainsKey(disk)).Select(v => v[disk]).ToList();
        var (content, what) = RandomEdits.Apply(_random, newest, others);
        return (content, content, what);
    }

    private async Task EmptyAsync()
    {
        var contents = Newest.Select(d => (d.Key, d.Value)).ToArray();
        var files = contents
            .Select(d => (d.Key, _random.Next(2) == 0
                ? d.Value
                : RandomOverlay.On(_random, d.Value, d.Value.Length, 0, "x.qcow2").File))
            .ToArray();
        var result = await Rig.IngestAsync(files, contents, null);
        _log.Add($"  empty -> version {result.Version}");
        Assert.Equal(0, result.ChangedBytes);
    }

    private async Task ConsolidateAsync()
    {
        var target = _random.Next(4) == 0 ? 0 : Pick();
        var result = await Rig.ConsolidateAsync(target);
        _log.Add($"  base to {target} -> {result.Base} in {result.Operations}");
        if (target != 0) Assert.Equal(target, result.Base);
    }

    private async Task UndoAsync()
    {
        if (Rig.Model.Count == 1)
        {
            await RefusedAsync("refused-only-version", Rig.UndoAsync);
            return;
        }
        var result = await Rig.UndoAsync();
        _log.Add($"  undone {result.Withdrawn}, newest {result.Newest}");
        Assert.Equal(Rig.Model.Keys.Last(), result.Newest);
    }

    private Task AdvanceAsync()
    {
        var seconds = _random.Next(2) == 0 ? _random.Next(1, 600) : 700;
        _log.Add($"  {seconds} s pass");
        Rig.Time.Advance(TimeSpan.FromSeconds(seconds));
        return Task.CompletedTask;
    }

    private Task RestartAsync()
    {
        _log.Add("  restarted");
        Rig.NewLife();
        return Task.CompletedTask;
    }

    private async Task RejectAsync()
    {
        var disks = Newest.Select(d => (d.Key, d.Value)).ToArray();
        var first = disks[0];
        var overlay = RandomOverlay.On(_random, first.Value, 40_000, 30, "x.qcow2");
        var before = Rig.Delta.Fingerprint().Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        switch (_random.Next(4))
        {
            case 0 when overlay.LastDataOffset > 0:
                disks[0].Value = overlay.File[.._random.Next(104, overlay.LastDataOffset + 1)];
                await RefusedAsync("image-", () => Rig.IngestAsync(disks));
                break;
            case 1 when disks.Length > 1:
                await RefusedAsync("refused-disks", () => Rig.IngestAsync(disks[1..]));
                break;
            case 2:
                disks[0].Value = [];
                await RefusedAsync("image-empty", () => Rig.IngestAsync(disks));
                break;
            default:
                disks[0].Value = overlay.File;
                var unknown = Rig.Model.Keys.Last() + _random.Next(1, 5);
                await RefusedAsync(
                    "refused-parent-missing", () => Rig.IngestAsync(disks, disks, unknown));
                break;
        }
        Assert.All(Rig.Delta.Fingerprint(), o => Assert.Contains(o.Name, before));
    }

    private async Task RefusedAsync(string code, Func<Task> act)
    {
        var error = await Assert.ThrowsAsync<StepFailedException>(act);
        _log.Add($"  rejected: {error.Message}");
        Assert.StartsWith(code, error.Code, StringComparison.Ordinal);
        Rejected++;
    }
}
