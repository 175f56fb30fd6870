using SnapshotFunctions.Engine.Check.Rebuilding;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Expiring;

/// <summary>
/// A head that is made anew after versions have expired lists what was there, never a number that
/// would read as another version's bytes did not.
/// </summary>
public sealed class RebuildAfterExpiryTests(ITestOutputHelper output)
{
    private const string Disk = "disk0";
    private const int ShardBytes = 16_384;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_version_that_was_kept_reads_as_before_and_no_other_says_what_is_not_so(
        bool hasCopies)
    {
        var again = 0;
        for (var seed = 1; seed <= 30; seed++)
        {
            var (rig, all) = await ThinnedAsync(seed);
            var contents = new SortedDictionary<int, byte[]>();
            foreach (var (number, disks) in rig.Model) contents.Add(number, disks[Disk]);
            await LoseManifestAsync(rig, hasCopies);
            var result = await new RebuildMachineStep(rig.NewLife().Services).RunAsync(
                new RebuildMachineInput(Rig.Machine, Force: false), CancellationToken.None);
            Assert.Equal(hasCopies ? "copy" : "objects", result.Source);
            var listed = await ListedAsync(rig);
            var context = $"seed {seed}: listed {string.Join(",", listed)} of "
                + $"{string.Join(",", contents.Keys)}: {string.Join("; ", result.Notes)}";
            if (hasCopies) Assert.True(listed.SequenceEqual(contents.Keys), context);
            // What changed nothing anywhere leaves nothing that tells of it, and the oldest one may
            // be known only by the number of an expired one that changed nothing against it.
            foreach (var (number, content) in contents)
                Assert.True(
                    listed.Contains(number)
                    || listed.Any(n => all[n].AsSpan().SequenceEqual(content)),
                    $"{context}: {number} is missing");
            foreach (var number in listed)
            {
                if (!contents.ContainsKey(number)) again++;
                Assert.True(
                    (await ReadAsync(rig, number)).AsSpan().SequenceEqual(all[number]),
                    $"{context}: {number} reads as something else");
            }
        }
        output.WriteLine($"{again} numbers that had expired are listed again, with their own bytes");
    }

    /// <summary>Ten versions of three shards, few of which change; some expire here and there.</summary>
    private static async Task<(Rig Rig, Dictionary<int, byte[]> All)> ThinnedAsync(int seed)
    {
        var random = new Random(seed);
        var rig = new Rig();
        await rig.SetRuleAsync(
            seed % 3 == 0 ? BaseRuleSettings.AfterForwards : BaseRuleSettings.Newest, 1000);
        var content = new byte[3 * ShardBytes];
        random.NextBytes(content);
        for (var version = 1; version <= 10; version++)
        {
            for (var shard = 0; shard < 3 && version > 1; shard++)
                if (random.Next(3) == 0)
                    random.NextBytes(content.AsSpan(
                        (shard * ShardBytes) + random.Next(ShardBytes - 600), 600));
            await rig.IngestAsync((Disk, (byte[])content.Clone()));
        }
        var all = rig.Model.ToDictionary(v => v.Key, v => v.Value[Disk]);
        if (seed % 3 == 0) await rig.ConsolidateAsync(random.Next(1, 11));
        for (var round = 0; round < 3; round++)
        {
            var gone = rig.Model.Keys.Where(v => v < 10 && random.Next(4) == 0).ToArray();
            if (seed % 2 == 0 && round == 0) gone = [.. Enumerable.Range(1, random.Next(1, 4))];
            if (gone.Length > 0) await rig.ExpireAsync(gone);
        }
        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.Life.Manifests.SweepAsync(Rig.Machine, rig.Time.GetUtcNow());
        return (rig, all);
    }

    private static async Task LoseManifestAsync(Rig rig, bool hasCopies)
    {
        await rig.Base.DeleteAsync(ObjectNames.Head(Rig.Machine));
        if (hasCopies) return;
        foreach (var store in new[] { rig.Base, rig.Delta })
            foreach (var name in store.Names("machines/").ToList())
                if (!name.Contains("/disks/", StringComparison.Ordinal))
                    await store.DeleteAsync(name);
    }

    private static async Task<List<int>> ListedAsync(Rig rig)
    {
        var manifest = await rig.NewLife().Manifests.LoadAsync(Rig.Machine);
        var listed = new List<int>();
        await foreach (var version in manifest.VersionsAsync())
            if (version.State == VersionState.Ready) listed.Add(version.Number);
        return listed;
    }

    private static async Task<byte[]> ReadAsync(Rig rig, int number)
    {
        var view = await rig.Life.Services.Views.OpenAsync(
            Rig.Machine, number, Disk, CancellationToken.None);
        var found = new byte[view.SizeBytes];
        await view.ReadAsync(0, found);
        return found;
    }
}
