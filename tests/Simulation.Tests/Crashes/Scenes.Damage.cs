using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.SimulationTests.Tiering;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <content>Machines to repair.</content>
internal static partial class Scenes
{
    /// <summary>
    /// A machine of which an index, a merged index, a delta's data and two blocks of a base are
    /// damaged, and one index is gone; the images of the versions are still there.
    /// </summary>
    public static async Task<Scene> DamagedAsync()
    {
        var (rig, _) = await PreparedAsync(BaseRuleSettings.Newest, 17);
        var images = KeptImages(rig);
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
    /// A machine with packs: of one the header and two members are damaged, another is gone, and of
    /// what lies in a third an index is damaged and another one gone.
    /// </summary>
    public static async Task<Scene> DamagedPacksAsync()
    {
        var rig = await PackedAsync(versions: 6);
        var packs = await TinyTiers.PacksAsync(rig);
        var name = packs[0].ObjectName(Rig.Machine);
        var header = await PackHeaders.ReadAsync(
            rig.Delta, (await rig.Delta.FindAsync(name))!, CancellationToken.None);
        foreach (var at in new[] { 40, header.Members[0].Offset, header.Members[1].End - 30 })
            rig.Delta.FlipByte(name, at);
        await rig.Delta.DeleteAsync(packs[1].ObjectName(Rig.Machine));
        var indexes = packs[2].Members.SelectMany(m => m.Names(Rig.Machine))
            .Where(n => n.EndsWith(".idx", StringComparison.Ordinal)).ToList();
        rig.Delta.FlipByte(indexes[0], 70);
        await rig.Delta.DeleteAsync(indexes[1]);
        var images = KeptImages(rig);
        return Scene.Of(
            rig, RepairNames.Repair, _ => new RepairInput(Rig.Machine, null, images), _ => { });
    }

    /// <summary>A machine whose deltas lie in packs, those that they were copied from gone.</summary>
    public static async Task<Rig> PackedAsync(
        StorageTier tier = StorageTier.Cold, int versions = 9)
    {
        var rig = await LadderAsync(versions, [new LadderRung(1, tier)]);
        await TinyTiers.TierAsync(rig);
        rig.Time.Advance(TimeSpan.FromHours(1));
        await TinyTiers.TierAsync(rig);
        return rig;
    }

    /// <summary>The images that the versions came from, as an owner would have kept them.</summary>
    public static List<RepairImage> KeptImages(Rig rig)
    {
        var images = new List<RepairImage>();
        foreach (var (version, contents) in rig.Model)
        {
            foreach (var (disk, content) in contents)
            {
                rig.Sources.Add($"kept-{version}-{disk}", content);
                images.Add(new RepairImage(disk, $"kept-{version}-{disk}"));
            }
        }
        return images;
    }
}
