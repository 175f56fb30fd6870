using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Flows.Expiring;
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

    /// <summary>
    /// A machine of which an index, a merged index, a delta's data and two blocks of a base are
    /// damaged, and one index is gone; the images of the versions are still there.
    /// </summary>
    public static async Task<Scene> DamagedAsync()
    {
        var (rig, _) = await PreparedAsync(BaseRuleSettings.Newest, 17);
        var images = new List<RepairImage>();
        foreach (var (version, contents) in rig.Model)
        {
            foreach (var (disk, content) in contents)
            {
                rig.Sources.Add($"kept-{version}-{disk}", content);
                images.Add(new RepairImage(disk, $"kept-{version}-{disk}"));
            }
        }
        var deltas = rig.Delta.Fingerprint("machines/vm/disks/disk0/").Select(f => f.Name).ToList();
        var indexes = deltas.FindAll(n => n.EndsWith(".idx", StringComparison.Ordinal)
            && !n.Contains("merged", StringComparison.Ordinal));
        rig.Delta.FlipByte(indexes[2], 60);
        await rig.Delta.DeleteAsync(indexes[5], ifMatch: null, CancellationToken.None);
        rig.Delta.FlipByte(
            deltas.First(n => n.Contains("merged", StringComparison.Ordinal)), 40);
        rig.Delta.FlipByte(
            deltas.Last(n => n.EndsWith(".dat", StringComparison.Ordinal)), 3);
        foreach (var shard in new[] { 0, 1 })
            rig.Base.FlipByte(ObjectNames.Base(new ShardKey(Rig.Machine, "disk0", shard)), 7);
        return Scene.Of(
            rig, RepairNames.Repair, _ => new RepairInput(Rig.Machine, null, images), _ => { });
    }

    /// <summary>
    /// Versions expire from a chain of six; the base stands at the newest, or at one of them.
    /// </summary>
    public static async Task<Scene> ExpireAsync(int basis, params int[] versions)
    {
        var (rig, _) = await PreparedAsync(BaseRuleSettings.AfterForwards, 6, hasFiles: true);
        if (basis > 1) await rig.ConsolidateAsync(basis);
        return Scene.Of(
            rig, ExpiryNames.Expire, _ => new ExpireInput(Rig.Machine, versions),
            model =>
            {
                foreach (var version in versions) model.Remove(version);
            });
    }

    /// <summary>A run among merged indexes, which are made again.</summary>
    public static async Task<Scene> ExpireMergedAsync()
    {
        var (rig, _) = await PreparedAsync(BaseRuleSettings.Newest, 17);
        return Scene.Of(
            rig, ExpiryNames.Expire, _ => new ExpireInput(Rig.Machine, [5, 6, 7]),
            model =>
            {
                foreach (var version in new[] { 5, 6, 7 }) model.Remove(version);
            });
    }

    /// <summary>The policy keeps two; one that was hidden before goes now too.</summary>
    public static async Task<Scene> RetentionAsync()
    {
        var (rig, disks) = await PreparedAsync(BaseRuleSettings.AfterForwards, 5);
        await rig.ConsolidateAsync(3);
        await rig.ExpireAsync(3);
        await rig.ConsolidateAsync(5);
        var policy = (await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Policy;
        await rig.SetPolicyAsync(policy with { Keep = new KeepSettings { Last = 2 } });
        rig.Time.Advance(TimeSpan.FromHours(2));
        return Scene.Of(
            rig, ExpiryNames.Retention, _ => new RetentionInput(Rig.Machine),
            model =>
            {
                foreach (var version in new[] { 1, 2 }) model.Remove(version);
            });
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

    /// <summary>Two disks that change from version to version.</summary>
    internal sealed class Disks
    {
        private readonly Random _random = new(Seed);
        private readonly Random _files = new(Seed);

        public Disks()
        {
            System = new byte[SystemBytes];
            Data = new byte[DataBytes];
            _random.NextBytes(System.AsSpan(2_000, 22_000));
            _random.NextBytes(Data.AsSpan(0, 5_000));
        }

        public byte[] System { get; }

        public byte[] Data { get; }

        public (string Disk, byte[] Content)[] All => [("disk0", System), ("disk1", Data)];

        public byte[] Random(int length)
        {
            var bytes = new byte[length];
            _random.NextBytes(bytes);
            return bytes;
        }

        /// <summary>
        /// Writes here and there, and clears a stretch; every shard of the first disk changes, so
        /// that moving a base takes more chunks than a flow carries the outcomes of.
        /// </summary>
        public void Change()
        {
            _random.NextBytes(System.AsSpan(3_000, 30));
            _random.NextBytes(System.AsSpan(17_000, 30));
            foreach (var disk in new[] { System, Data })
            {
                _random.NextBytes(disk.AsSpan(_random.Next(disk.Length - 1500), 1500));
                disk.AsSpan(_random.Next(disk.Length - 900), 900).Clear();
                _random.NextBytes(disk.AsSpan(disk.Length - 40));
            }
        }

        /// <summary>Writes to the first and the last shard of the first disk alone.</summary>
        public void Touch()
        {
            _random.NextBytes(System.AsSpan(3_000, 700));
            System.AsSpan(_random.Next(8_000), 900).Clear();
            _random.NextBytes(System.AsSpan(System.Length - 40));
        }

        /// <summary>What the next snapshot brings of machine files: one new, one as ever.</summary>
        public void ChangeFiles(Rig rig)
        {
            rig.Files["config.json"] = "{}"u8.ToArray();
            rig.Files["nvram"] = _files.GetItems<byte>([1, 2, 3], 300);
        }

        /// <summary>An image whose tables are sound, and one of whose last clusters is not.</summary>
        public byte[] Broken()
        {
            var builder = new Qcow2Builder { ClusterBits = 12, SizeBytes = 40_960 };
            for (var cluster = 0; cluster < 9; cluster++)
                builder.Data(cluster, System.AsSpan(cluster * 4096, 4096).ToArray());
            builder.Compressed(9, new byte[4096]);
            var file = builder.Build();
            // The last bytes of the file are the packed ones.
            file.AsSpan(file.Length - 8).Fill(0xFF);
            return file;
        }
    }
}
