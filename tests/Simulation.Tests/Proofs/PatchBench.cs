using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;

namespace SnapshotFunctions.SimulationTests.Proofs;

/// <summary>
/// One shard with five versions and an opened consolidation, frozen, so that its patch can be run
/// again and again from the same state: as it is, or with something wrong.
/// </summary>
internal sealed class PatchBench
{
    private const string Disk = "disk0";
    private const string Job = "bench";

    private readonly StoreContents _base;
    private readonly StoreContents _delta;
    private readonly PatchShardInput _input;

    private PatchBench(Rig rig, PatchShardInput input, bool isForwards)
    {
        (Rig, _input, IsForwards) = (rig, input, isForwards);
        (_base, _delta) = (rig.Base.Freeze(), rig.Delta.Freeze());
    }

    public static ShardKey Shard { get; } = new(Rig.Machine, Disk, 0);

    public Rig Rig { get; }

    public bool IsForwards { get; }

    /// <summary>All that both stores hold.</summary>
    public IReadOnlyList<ObjectFingerprint> Listing =>
        [.. Rig.Base.Fingerprint(), .. Rig.Delta.Fingerprint()];

    /// <summary>Makes the versions and opens the move over all of them.</summary>
    public static async Task<PatchBench> NewAsync(bool isForwards)
    {
        var rig = new Rig();
        await rig.SetRuleAsync("after-forwards", 100);
        var random = new Random(77);
        var disk = new byte[16_000];
        random.NextBytes(disk.AsSpan(0, 9000));
        disk.AsSpan(9000, 3000).Fill(7);
        for (var version = 1; version <= 5; version++)
        {
            await rig.IngestAsync((Disk, disk));
            Change(disk, version, random);
        }
        if (!isForwards) await rig.ConsolidateAsync(5);
        var target = isForwards ? 5 : 1;
        var services = NewLife(rig).Services;
        var turn = await services.Manifests.AcquireTurnAsync(
            Rig.Machine, services.OwnerOf(Job));
        var ticket = await new OpenMoveStep(services).RunAsync(
            new OpenMoveInput(Rig.Machine, Job, 0, turn.Epoch, target), default);
        return new PatchBench(
            rig, new PatchShardInput(Rig.Machine, Disk, 0, ticket.Operation, turn.Epoch),
            isForwards);
    }

    /// <summary>Back to where nothing has been patched.</summary>
    public void Reset()
    {
        Rig.Base.Restore(_base);
        Rig.Delta.Restore(_delta);
    }

    /// <summary>Runs the step in a process that has read nothing yet.</summary>
    public async Task PatchAsync(ISectorOverlay? overlay = null)
    {
        var step = new PatchShardStep(NewLife(Rig).Services, overlay ?? new SectorOverlay());
        await step.RunAsync(_input, default);
    }

    /// <summary>The base as it stands.</summary>
    public async Task<BaseImage> BaseAsync() => await BaseImage.OpenAsync(
        Rig.Base, Shard, (await Rig.Life.Manifests.LoadAsync(Shard.Machine)).Head, default);

    /// <summary>The deltas that the patch takes in, without their endings.</summary>
    public List<string> Deltas() =>
    [
        .. Rig.Delta.Fingerprint(ObjectNames.Shard(Shard)).Select(o => o.Name)
            .Where(n => ObjectNames.TryParseDelta(n, out _, out var key)
                && key.IsForward == IsForwards && n.EndsWith(".idx", StringComparison.Ordinal))
            .Select(n => n[..^4]),
    ];

    /// <summary>A clock that stands still: no claim is renewed, so that nothing else is written.</summary>
    private static Life NewLife(Rig rig) => new(
        rig.Base, rig.Delta, rig.Sources, new ManualTimeProvider(), rig.Options,
        rig.ManifestOptions);

    private static void Change(byte[] disk, int version, Random random)
    {
        // Parts of sectors, whole sectors, zeroed sectors and a run of zeroed blocks.
        for (var i = 0; i < 6; i++)
            random.NextBytes(disk.AsSpan(random.Next(14_000), 200));
        disk.AsSpan((version * 2560) + 256, 512).Clear();
        disk.AsSpan(version * 1024, 1024 * (version % 3)).Clear();
        disk.AsSpan(11_000 + (version * 300), 300).Fill((byte)version);
    }
}
