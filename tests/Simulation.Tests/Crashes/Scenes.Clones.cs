using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <content>The machine is a clone; the machine that it began from stands beside it.</content>
internal static partial class Scenes
{
    private static readonly int[] OnePin = [2];

    /// <summary>A clone is made of a version that has machine files.</summary>
    public static async Task<Scene> CloneAsync()
    {
        var (rig, beside, _) = await OriginAsync(BaseRuleSettings.Newest);
        return Scene.Of(
            rig, CloneNames.Clone, _ => new CloneInput(Beside.Origin, 2, Rig.Machine),
            model => model.Add(1, beside.Model(Beside.Origin)[2]),
            context => BothAsync(rig, beside, context, OnePin));
    }

    /// <summary>
    /// A clone is made of the last of as many clones of clones as there may be: that one is given
    /// its blocks first.
    /// </summary>
    public static async Task<Scene> DeepCloneAsync()
    {
        var (rig, beside, disks) = await OriginAsync(BaseRuleSettings.Newest);
        var below = Beside.Origin;
        foreach (var name in new[] { "one", "two", "three", "four" })
        {
            await beside.CloneAsync(below, null, name);
            below = name;
        }
        disks.Change();
        await beside.IngestAsync("four", disks.All);
        return Scene.Of(
            rig, CloneNames.Clone, _ => new CloneInput("four", null, Rig.Machine),
            model => model.Add(1, beside.Model("four")[2]),
            async context =>
            {
                await BothAsync(rig, beside, context, [3]);
                Assert.Equal([2], await beside.PinnedAsync("four"));
                Assert.Empty(await beside.PinnedAsync("three"));
            });
    }

    /// <summary>A clone's first snapshot of its own; under the rule its bases are made for it.</summary>
    public static async Task<Scene> ClonedIngestAsync(string rule)
    {
        var (rig, beside, disks) = await ClonedAsync(rule, 0);
        disks.Change();
        disks.ChangeFiles(rig);
        return Scene.Of(
            rig, FlowNames.Ingest, job => rig.InputOf(job, disks.All, null),
            model => model.Add(2, Rig.Copy(disks.All)),
            context => BothAsync(rig, beside, context, OnePin));
    }

    /// <summary>The base of a clone that has none yet goes to its newest version.</summary>
    public static async Task<Scene> ClonedForwardsAsync()
    {
        var (rig, beside, _) = await ClonedAsync(BaseRuleSettings.AfterForwards, 3);
        return Scene.Of(
            rig, FlowNames.Consolidate, _ => new ConsolidateInput(Rig.Machine, 4), _ => { },
            context => BothAsync(rig, beside, context, OnePin));
    }

    /// <summary>
    /// A clone of which some shards have a base and others have none yet gets all its blocks; under
    /// the rule of forwards its base has to go to the newest version first.
    /// </summary>
    public static async Task<Scene> FlattenAsync(string rule)
    {
        var (rig, beside, _) = await ClonedAsync(rule, 2);
        return Scene.Of(
            rig, CloneNames.Flatten, _ => new FlattenFlowInput(Rig.Machine), _ => { },
            context => BothAsync(rig, beside, context, []));
    }

    /// <summary>A clone is deleted, at once or because it was marked long enough ago.</summary>
    public static async Task<Scene> PurgeAsync(bool atOnce)
    {
        var (rig, beside, _) = await ClonedAsync(BaseRuleSettings.Newest, 2);
        if (!atOnce)
        {
            await rig.Life.RunAsync(
                PurgeNames.Purge, new PurgeInput(Rig.Machine), rig.NextJob(), Rig.Machine);
            rig.Time.Advance(TimeSpan.FromHours(1));
        }
        return Scene.Of(
            rig, PurgeNames.Purge, _ => new PurgeInput(Rig.Machine, atOnce),
            model => model.Clear(), context => GoneAsync(rig, beside, context), isGone: true);
    }

    private static async Task GoneAsync(Rig rig, Beside beside, string context)
    {
        Assert.Null(await rig.Life.Manifests.FindAsync(Rig.Machine));
        var left = rig.Base.Names("machines/vm/").Concat(rig.Delta.Names("machines/vm/"));
        Assert.True(
            left.SequenceEqual([ObjectNames.Gone(Rig.Machine)]),
            $"{context}: left are {string.Join(", ", left)}");
        await PinsAsync(beside, context, []);
        await beside.CheckAsync(context);
    }

    private static async Task BothAsync(Rig rig, Beside beside, string context, int[] pins)
    {
        await rig.CheckAsync(context);
        await PinsAsync(beside, context, pins);
        await beside.CheckAsync(context);
    }

    private static async Task PinsAsync(Beside beside, string context, int[] expected)
    {
        var found = await beside.PinnedAsync();
        Assert.True(
            found.SequenceEqual(expected), $"{context}: pinned are {string.Join(", ", found)}");
    }

    /// <summary>
    /// The clone of a version that is not the newest, with versions of its own that leave some of
    /// its shards alone.
    /// </summary>
    private static async Task<(Rig Rig, Beside Beside, Disks Disks)> ClonedAsync(
        string rule, int versions)
    {
        var (rig, beside, disks) = await OriginAsync(rule);
        await beside.CloneAsync(Beside.Origin, 2, Rig.Machine);
        rig.SettleFiles();
        disks.ChangeFiles(rig);
        for (var i = 0; i < versions; i++)
        {
            disks.Touch();
            await rig.IngestAsync(disks.All);
        }
        return (rig, beside, disks);
    }

    /// <summary>A machine of three versions beside the rig's own, which does not exist yet.</summary>
    private static async Task<(Rig Rig, Beside Beside, Disks Disks)> OriginAsync(string rule)
    {
        var rig = NewRig();
        var beside = new Beside(rig);
        var disks = new Disks();
        for (var i = 0; i < 3; i++)
        {
            if (i > 0) disks.Change();
            // The last two have the same machine files: those that a clone is checked against.
            if (i < 2) disks.ChangeFiles(rig);
            await beside.IngestAsync(Beside.Origin, disks.All, i == 0 ? rule : null);
        }
        return (rig, beside, disks);
    }
}
