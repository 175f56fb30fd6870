using System.Globalization;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace SnapshotFunctions.SimulationTests.Properties;

/// <summary>
/// Thousands of random rounds against full copies. SNAPSHOT_SEED runs one seed again,
/// SNAPSHOT_SEEDS and SNAPSHOT_ROUNDS run more.
/// </summary>
public sealed class RandomRoundTests(ITestOutputHelper output)
{
    private const int FirstSeed = 20_261;

    private static int Seeds => Number("SNAPSHOT_SEEDS", 50);

    private static int Rounds => Number("SNAPSHOT_ROUNDS", 60);

    [Fact]
    public async Task Every_version_reads_as_its_full_copy_whatever_happens_to_the_machine()
    {
        var one = Number("SNAPSHOT_SEED", 0);
        var seeds = one == 0 ? Enumerable.Range(FirstSeed, Seeds) : [one];
        var (versions, rejected, packed) = (0, 0, 0);
        await Parallel.ForEachAsync(seeds, async (seed, _) =>
        {
            var history = await RunAsync(seed);
            Interlocked.Add(ref versions, history.Rig.Model.Count);
            Interlocked.Add(ref rejected, history.Rejected);
            Interlocked.Add(ref packed, history.Packed);
        });
        output.WriteLine(
            $"{versions} versions at the end, {rejected} uploads rejected, {packed} deltas packed");
        if (one == 0 && Seeds >= 50) Assert.NotEqual(0, packed);
    }

    private static async Task<RandomHistory> RunAsync(int seed)
    {
        var history = new RandomHistory(seed);
        try
        {
            await history.BeginAsync();
            for (var round = 1; round <= Rounds; round++) await history.RoundAsync(round);
            await history.Rig.CheckAsync("at the end");
            await Invariants.CheckAsync(history.Rig);
            await Invariants.CheckNothingLeaksAsync(history.Rig);
            await history.Rig.CheckAsync("after the last sweep");
            return history;
        }
        catch (Exception error)
        {
            throw new XunitException($"{history.Log}\n{error}", error);
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(variable), NumberStyles.None,
            CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
