using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Cloning;

/// <summary>Several machines on the stores of one rig, each with a full copy of its versions.</summary>
internal sealed class CloneRig(Rig rig)
{
    private readonly SortedDictionary<string, SortedDictionary<int, byte[]>> _models =
        new(StringComparer.Ordinal);

    public const int DiskBytes = 40_500;

    public Rig Rig => rig;

    public static CloneRig New() => new(new Rig(
        new EngineOptions { ChunkSteps = 2, ReverseTier = StorageTier.Cool },
        new ManifestOptions(4, 8, 1, 6)));

    /// <summary>A disk of three shards, of which the ends of the first and the last are zeros.</summary>
    public static byte[] NewDisk(int seed)
    {
        var disk = new byte[DiskBytes];
        new Random(seed).NextBytes(disk.AsSpan(2_000, 30_000 + 5_000));
        return disk;
    }

    /// <summary>Writes to some places, or clears them.</summary>
    public static void Change(byte[] disk, Random random)
    {
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(disk.Length - 1500);
            var span = disk.AsSpan(at, random.Next(1, 1500));
            if (random.Next(4) == 0) span.Clear();
            else random.NextBytes(span);
        }
    }

    /// <summary>All that lies in both placements of all machines.</summary>
    public List<ObjectFingerprint> Contents() =>
        [.. rig.Base.Fingerprint("machines/"), .. rig.Delta.Fingerprint("machines/")];

    public SortedDictionary<int, byte[]> Model(string machine)
    {
        if (!_models.TryGetValue(machine, out var model)) _models.Add(machine, model = []);
        return model;
    }

    public void Forget(string machine) => _models.Remove(machine);

    public async Task<int> IngestAsync(string machine, byte[] disk, string? rule = null)
    {
        if (rule is not null)
            await rig.Life.Manifests.CreateAsync(
                machine, rig.Options.Layout,
                new MachinePolicy(new BaseRuleSettings(rule, 100), 600));
        var job = rig.NextJob();
        rig.Sources.Add(job, (byte[])disk.Clone());
        var result = await rig.Life.RunAsync(
            FlowNames.Ingest, new IngestInput(machine, [new IngestDisk(job, "disk0")]), job,
            machine);
        Model(machine).Add(result.Version, (byte[])disk.Clone());
        return result.Version;
    }

    public async Task<CloneResult> CloneAsync(string machine, int? version, string clone)
    {
        var result = await rig.Life.RunAsync(
            CloneNames.Clone, new CloneInput(machine, version, clone), rig.NextJob(), machine);
        Model(clone).Add(result.Version, Model(machine)[result.OriginVersion]);
        return result;
    }

    public Task<PurgeResult> PurgeAsync(
        string machine, bool atOnce = false, bool cancel = false) => rig.Life.RunAsync(
        PurgeNames.Purge, new PurgeInput(machine, atOnce, cancel), rig.NextJob(), machine);

    public Task<FlattenResult> FlattenAsync(string machine) => rig.Life.RunAsync(
        CloneNames.Flatten, new FlattenFlowInput(machine), rig.NextJob(), machine);

    public Task<ConsolidateResult> ConsolidateAsync(string machine, int version) =>
        rig.Life.RunAsync(
            FlowNames.Consolidate, new ConsolidateInput(machine, version), rig.NextJob(), machine);

    public async Task UndoAsync(string machine)
    {
        var result = await rig.Life.RunAsync(
            FlowNames.Undo, new UndoInput(machine), rig.NextJob(), machine);
        Model(machine).Remove(result.Withdrawn);
    }

    public async Task ExpireAsync(string machine, params int[] versions)
    {
        var result = await rig.Life.RunAsync(
            ExpiryNames.Expire, new ExpireInput(machine, versions), rig.NextJob(), machine);
        foreach (var version in result.Expired.Concat(result.Hidden)) Model(machine).Remove(version);
    }

    /// <summary>Deletes of every machine what is retired and due.</summary>
    public async Task SweepAsync()
    {
        foreach (var machine in _models.Keys)
            await rig.Life.Manifests.SweepAsync(machine, rig.Time.GetUtcNow());
    }

    /// <summary>Every version of every machine reads as its full copy, and all verify.</summary>
    public async Task CheckAsync(string context)
    {
        rig.NewLife();
        foreach (var (machine, model) in _models)
        {
            foreach (var (number, expected) in model)
                await CheckAsync(machine, number, expected, context);
            var verified = await rig.Life.RunAsync(
                CheckNames.Verify, new VerifyInput(machine, CheckDepth.Full), rig.NextJob(), machine);
            Assert.True(
                verified.IsSound,
                $"{context}: {machine}: {string.Join("; ", verified.Tally.Findings)}");
        }
    }

    private async Task CheckAsync(string machine, int number, byte[] expected, string context)
    {
        var view = await rig.Life.Services.Views.OpenAsync(
            machine, number, null, CancellationToken.None);
        var found = new byte[expected.Length];
        await view.ReadAsync(0, found);
        Assert.Equal(expected.Length, view.SizeBytes);
        Assert.True(
            found.AsSpan().SequenceEqual(expected),
            $"{context}: version {number} of {machine} differs first at "
            + $"{found.AsSpan().CommonPrefixLength(expected)}");
    }
}
