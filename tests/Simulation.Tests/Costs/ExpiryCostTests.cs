using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Costs;

/// <summary>An expiry costs what it moves, whatever the length of the history.</summary>
public sealed class ExpiryCostTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Deleting_the_oldest_version_is_a_constant_number_of_store_operations()
    {
        var counts = new List<(int Versions, long Operations)>();
        foreach (var versions in new[] { 10, 100, 1000 })
        {
            var rig = await HourlyAsync(versions);
            var cost = await CountAsync(rig, () => rig.ExpireAsync(1));
            output.WriteLine($"oldest of {versions}: {cost.Operations} operations");
            counts.Add((versions, cost.Operations));
        }
        // A page of older versions, and what it is replaced by, is all that comes to it.
        Assert.All(counts, c => Assert.InRange(
            c.Operations, counts[0].Operations, counts[0].Operations + 8));
    }

    [Fact]
    public async Task Thinning_to_the_default_policy_is_linear_in_the_versions_that_go()
    {
        var each = new List<(double Operations, double Bytes)>();
        foreach (var versions in new[] { 250, 500, 1000 })
        {
            var rig = await HourlyAsync(versions);
            await rig.SetPolicyAsync(MachinePolicy.Default);
            rig.Time.Advance(TimeSpan.FromHours(2));
            var before = rig.Model.Count;
            var cost = await CountAsync(rig, rig.RetainAsync);
            var gone = before - rig.Model.Count;
            output.WriteLine(
                $"{versions} versions, {gone} go: {cost.Operations} operations, "
                + $"{cost.BytesRead} bytes read, {cost.BytesWritten} written; "
                + $"{(double)cost.Operations / gone:F2} operations each");
            each.Add((
                (double)cost.Operations / gone,
                (double)(cost.BytesRead + cost.BytesWritten) / gone));
            rig.NewLife();
            await rig.CheckAsync(rig.Model.Keys.First(), "the oldest");
            await rig.CheckAsync(rig.Model.Keys.Last(), "the newest");
        }
        Assert.InRange(each[2].Operations, each[0].Operations * 0.5, each[0].Operations * 1.5);
        Assert.InRange(each[2].Bytes, each[0].Bytes * 0.4, each[0].Bytes * 2);
    }

    /// <summary>A machine with a version an hour, one sector of which changes each time.</summary>
    private static async Task<Rig> HourlyAsync(int versions)
    {
        var rig = new Rig(
            new EngineOptions { ReverseTier = Engine.Ports.StorageTier.Cool },
            new ManifestOptions());
        var random = new Random(11);
        var disk = new byte[16_384];
        random.NextBytes(disk);
        await rig.SetRuleAsync(BaseRuleSettings.Newest, 1);
        for (var i = 0; i < versions; i++)
        {
            random.NextBytes(disk.AsSpan(random.Next(64) * 256, 200));
            await rig.IngestAsync(("disk0", disk));
            rig.Time.Advance(TimeSpan.FromHours(1));
        }
        // Nothing is left for the sweep at the end of the next turn.
        await rig.ConsolidateAsync(versions);
        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.ConsolidateAsync(versions);
        return rig;
    }

    private static async Task<Cost> CountAsync(Rig rig, Func<Task> work)
    {
        rig.NewLife();
        var (inBase, inDelta) = (rig.Base.Counters, rig.Delta.Counters);
        await work();
        var (b, d) = (rig.Base.Counters.Since(inBase), rig.Delta.Counters.Since(inDelta));
        return new Cost(
            1, b.Operations + d.Operations, b.BytesRead + d.BytesRead,
            b.BytesWritten + d.BytesWritten);
    }
}
