using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Rehydrating;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Machines;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Rehydrating;

/// <summary>A machine of four versions whose base stands at the first, all data archived.</summary>
internal static class ArchivedRig
{
    public const string Disk = "disk0";
    public const string Target = "out.raw";

    public static async Task<Rig> CreateAsync(
        int seed, string way = RehydrationSettings.Copy, RehydrationMargins? margins = null)
    {
        var rig = new Rig(new EngineOptions
        {
            ChunkSteps = 4, ReverseTier = StorageTier.Cool,
            Rehydration = margins ?? RehydrationMargins.Default,
        });
        await rig.SetPolicyAsync(
            new MachinePolicy(new BaseRuleSettings(BaseRuleSettings.AfterForwards, 1000), 600)
            {
                Rehydration = new RehydrationSettings(way, RehydrationPriority.Standard),
            });
        foreach (var content in TinyDisks.Row(seed, 4)) await rig.IngestAsync((Disk, content));
        foreach (var name in Data(rig)) await rig.Delta.SetTierAsync(name, StorageTier.Archive);
        return rig;
    }

    public static RestoreInput Input(
        RehydrationWish? wish, int version = 4, string format = "raw") =>
        new(Rig.Machine, Target, version, Disk, format, Overwrite: true, Rehydrate: wish);

    public static Task<RestoreResult> RestoreAsync(Rig rig, RestoreInput input, string? job = null) =>
        rig.Life.RunAsync(RestoreNames.Restore, input, job ?? rig.NextJob(), Rig.Machine);

    public static IReadOnlyList<string> Data(Rig rig) =>
    [
        .. rig.Delta.Names().Where(
            n => n.EndsWith(".dat", StringComparison.Ordinal) && !IsCopy(n)),
    ];

    public static IReadOnlyList<string> Copies(Rig rig) => [.. rig.Delta.Names().Where(IsCopy)];

    public static bool IsCopy(string name) =>
        ObjectNames.TryParseRehydrated(name, out _, out _, out _);

    /// <summary>The target holds the version, and nothing of the job is left anywhere.</summary>
    public static async Task CheckRestoredAsync(Rig rig, int version, string context)
    {
        Assert.Equal([Target], rig.Targets.Names);
        Assert.True(
            rig.Targets[Target].AsSpan().SequenceEqual(rig.Model[version][Disk]),
            $"{context}: the target differs");
        await CheckNothingLeftAsync(rig, context);
    }

    public static async Task CheckNothingLeftAsync(Rig rig, string context)
    {
        var head = (await rig.NewLife().Manifests.LoadAsync(Rig.Machine)).Head;
        Assert.True(head.Rehydrated is null, $"{context}: still listed");
        Assert.True(Copies(rig).Count == 0, $"{context}: {string.Join(", ", Copies(rig))}");
        await ListedObjects.CheckAsync(rig, context);
    }
}
