using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.SimulationTests.Properties;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Proofs;

/// <summary>
/// Damage meets whole flows: the consolidation ends with a typed error, its operation leaves the
/// manifest, every version reads as it did, and once the damage is mended the same move succeeds.
/// </summary>
public sealed class DamagedChainTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(".dat", 11)]
    [InlineData(".idx", 12)]
    [InlineData("base", 13)]
    public async Task A_consolidation_over_damage_ends_and_harms_no_version(string kind, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var stopped = 0;
        for (var round = 0; round < 25; round++)
        {
            var rig = await NewAsync(random);
            var isBack = round % 2 == 1;
            if (isBack) await rig.ConsolidateAsync(4);
            var (store, name, offset) = Choose(rig, kind, isBack, random);
            store.FlipByte(name, offset);
            rig.NewLife();
            var before = await WholeAsync(rig);
            var error = await Record.ExceptionAsync(() => rig.ConsolidateAsync(isBack ? 1 : 4));
            rig.NewLife();
            var after = await WholeAsync(rig);
            if (error is not null)
            {
                var failed = Assert.IsType<StepFailedException>(error);
                Assert.Contains(failed.Code, new[] { "proof-failed", "corrupt-object" });
                Assert.Superset(before, after);
                store.FlipByte(name, offset);
                rig.NewLife();
                await rig.CheckAsync($"round {round}, mended");
                stopped++;
            }
            else
            {
                Assert.Superset(before, after);
                continue;
            }
            await rig.ConsolidateAsync(isBack ? 1 : 4);
            await rig.CheckAsync($"round {round}, moved");
            await Invariants.CheckAsync(rig);
        }
        output.WriteLine($"{stopped} of 25 were stopped");
        Assert.InRange(stopped, 5, 25);
    }

    private static async Task<Rig> NewAsync(Random random)
    {
        var rig = new Rig();
        await rig.SetRuleAsync("after-forwards", 100);
        var disk = new byte[45_000];
        random.NextBytes(disk.AsSpan(0, 30_000));
        for (var version = 1; version <= 4; version++)
        {
            await rig.IngestAsync(("disk0", disk));
            for (var i = 0; i < 6; i++)
                random.NextBytes(disk.AsSpan(random.Next(44_000), random.Next(1, 900)));
            disk.AsSpan(random.Next(40_000), 2500).Clear();
        }
        return rig;
    }

    private static (SimulatedStore Store, string Name, int Offset) Choose(
        Rig rig, string kind, bool isBack, Random random)
    {
        var store = kind is "base" ? rig.Base : rig.Delta;
        var names = store.Fingerprint("machines/").Select(o => o.Name)
            .Where(n => n.EndsWith(kind, StringComparison.Ordinal))
            .Where(n => !ObjectNames.TryParseDelta(n, out _, out var key) || key.IsForward != isBack)
            .ToList();
        var name = names[random.Next(names.Count)];
        return (store, name, random.Next(store.Peek(name)!.Length));
    }

    /// <summary>The versions that read as their full copies.</summary>
    private static async Task<HashSet<int>> WholeAsync(Rig rig)
    {
        var whole = new HashSet<int>();
        foreach (var number in rig.Model.Keys)
            if (await Record.ExceptionAsync(() => rig.CheckAsync(number, "")) is null)
                whole.Add(number);
        return whole;
    }
}
