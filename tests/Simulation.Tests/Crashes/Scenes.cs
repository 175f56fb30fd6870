using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.SimulationTests.Tiering;
using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <summary>
/// The prepared machines: two disks of three and two shards, whose sizes are no multiple of a
/// block; small enough pages, tables and chunks that each is written as an object of its own.
/// </summary>
internal static partial class Scenes
{
    private const int Seed = 7;
    private const int SystemBytes = 40_500;
    private const int DataBytes = 17_100;

    /// <summary>A machine's very first version.</summary>
    public static Task<Scene> FirstAsync()
    {
        var rig = NewRig();
        var disks = new Disks();
        return Task.FromResult(Scene.Of(
            rig, FlowNames.Ingest, job => rig.InputOf(job, disks.All, null),
            model => model.Add(1, Rig.Copy(disks.All))));
    }

    /// <summary>
    /// A later version under the rule that keeps the base at the newest; of its machine files one
    /// is as before.
    /// </summary>
    public static async Task<Scene> NewestAsync()
    {
        var (rig, disks) = await PreparedAsync(BaseRuleSettings.Newest, 3, hasFiles: true);
        disks.Change();
        disks.ChangeFiles(rig);
        return Scene.Of(
            rig, FlowNames.Ingest, job => rig.InputOf(job, disks.All, null),
            model => model.Add(4, Rig.Copy(disks.All)));
    }

    /// <summary>An overlay on the oldest version, while the base stands there too.</summary>
    public static async Task<Scene> OverlayAsync()
    {
        var (rig, disks) = await PreparedAsync(BaseRuleSettings.AfterForwards, 3);
        var first = rig.Model[1];
        var system = (byte[])first["disk0"].Clone();
        var overlay = new Qcow2Builder
        {
            ClusterBits = 9, SizeBytes = SystemBytes - (SystemBytes % 512), Backing = "below",
        };
        foreach (var cluster in new[] { 3, 40, 41, 70 })
        {
            var content = disks.Random(512);
            overlay.Data(cluster, content);
            content.CopyTo(system, cluster * 512);
        }
        disks.Change();
        var size = (int)overlay.SizeBytes;
        (string, byte[])[] files = [("disk0", overlay.Build()), ("disk1", disks.Data)];
        (string, byte[])[] contents = [("disk0", system[..size]), ("disk1", disks.Data)];
        return Scene.Of(
            rig, FlowNames.Ingest, job => rig.InputOf(job, files, 1),
            model => model.Add(4, Rig.Copy(contents)));
    }

    /// <summary>The base goes from the oldest version to the newest.</summary>
    public static async Task<Scene> ForwardsAsync()
    {
        var (rig, _) = await PreparedAsync(BaseRuleSettings.AfterForwards, 4);
        return Scene.Of(
            rig, FlowNames.Consolidate, _ => new ConsolidateInput(Rig.Machine, 4), _ => { });
    }

    /// <summary>The base's last hop completes a group of 16, which gets its merged indexes.</summary>
    public static async Task<Scene> MergeAsync()
    {
        var (rig, disks) = await PreparedAsync(BaseRuleSettings.Newest, 15);
        await rig.SetRuleAsync(BaseRuleSettings.AfterForwards, 1000);
        disks.Change();
        await rig.IngestAsync(disks.All);
        return Scene.Of(
            rig, FlowNames.Consolidate, _ => new ConsolidateInput(Rig.Machine, 16), _ => { });
    }

    /// <summary>The base goes from the newest version down to the second.</summary>
    public static async Task<Scene> BackwardsAsync()
    {
        var (rig, _) = await PreparedAsync(BaseRuleSettings.Newest, 4);
        return Scene.Of(
            rig, FlowNames.Consolidate, _ => new ConsolidateInput(Rig.Machine, 2), _ => { });
    }

    /// <summary>
    /// A version arrives, and the rule moves the base to an older one, because the newest are about
    /// to expire.
    /// </summary>
    public static async Task<Scene> LastingAsync()
    {
        var (rig, disks) = await PreparedAsync(BaseRuleSettings.Newest, 4);
        await rig.SetPolicyAsync(new MachinePolicy(
            new BaseRuleSettings(BaseRuleSettings.Lasting, 1) { LastingDays = 1000 }, 600)
        {
            Keep = new KeepSettings { Last = 1 },
        });
        await Pinning.SetPinAsync(
            rig.Life.Manifests, Rig.Machine, 2, isPin: true, null, CancellationToken.None);
        disks.Change();
        return Scene.Of(
            rig, FlowNames.Ingest, job => rig.InputOf(job, disks.All, null),
            model => model.Add(5, Rig.Copy(disks.All)));
    }

    /// <summary>
    /// The newest version is taken back, where the base stands; one of its machine files is that of
    /// the version below too.
    /// </summary>
    public static async Task<Scene> UndoAsync()
    {
        var (rig, _) = await PreparedAsync(BaseRuleSettings.Newest, 3, hasFiles: true);
        return Scene.Of(
            rig, FlowNames.Undo, _ => new UndoInput(Rig.Machine), model => model.Remove(3));
    }

    /// <summary>An upload that its first look refuses.</summary>
    public static async Task<Scene> RefusedAsync()
    {
        var (rig, disks) = await PreparedAsync(BaseRuleSettings.Newest, 2);
        var bad = new Qcow2Builder { Version = 9, SizeBytes = SystemBytes }.Build();
        return Scene.Of(
            rig, FlowNames.Ingest,
            job => rig.InputOf(job, [("disk0", bad), ("disk1", disks.Data)], null), _ => { });
    }

    /// <summary>An upload that turns out bad when shards are written already.</summary>
    public static async Task<Scene> BrokenAsync(int versions)
    {
        var (rig, disks) = await PreparedAsync(
            BaseRuleSettings.Newest, versions, hasFiles: true);
        disks.Change();
        disks.ChangeFiles(rig);
        return Scene.Of(
            rig, FlowNames.Ingest,
            job => rig.InputOf(job, [("disk0", disks.Broken()), ("disk1", disks.Data)], null),
            _ => { });
    }

    /// <summary>A machine with some versions under a base rule.</summary>
    public static async Task<(Rig Rig, Disks Disks)> PreparedAsync(
        string rule, int versions, bool yields = false, bool hasFiles = false)
    {
        var rig = NewRig(yields);
        var disks = new Disks();
        await rig.SetRuleAsync(rule, 100);
        for (var i = 0; i < versions; i++)
        {
            if (i > 0) disks.Change();
            if (hasFiles) disks.ChangeFiles(rig);
            await rig.IngestAsync(disks.All);
        }
        return (rig, disks);
    }

    private static Rig NewRig(bool yields = false, TieringMargins? margins = null) => new(
        TinyTiers.On(new EngineOptions { ChunkSteps = 2, ReverseTier = StorageTier.Cool })
            with { Tiering = margins ?? TinyTiers.Margins },
        new ManifestOptions(2, 8, 1, 6), yields);
}
