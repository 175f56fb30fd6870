using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Readers;

/// <summary>
/// A reader stops at each of its store operations in turn; the base moves under it, or the grace
/// passes and what it needs is swept. It reads the version's bytes all the same.
/// </summary>
public sealed class ReaderAgainstCommitTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public async Task A_reader_finds_its_version_again_wherever_the_base_moves_under_it(
        int version, bool sweeps)
    {
        var (rig, _) = await Scenes.PreparedAsync(BaseRuleSettings.AfterForwards, 4);
        await rig.ConsolidateAsync(2);
        var (baseBefore, deltaBefore) = (rig.Base.Freeze(), rig.Delta.Freeze());
        var (points, overtaken) = (0, 0L);
        for (var at = 1; ; at++)
        {
            rig.Base.Restore(baseBefore);
            rig.Delta.Restore(deltaBefore);
            var found = await ReadAsync(rig, version, at, sweeps);
            if (found is null) break;
            points++;
            overtaken += found.Value;
        }
        output.WriteLine(
            $"version {version}: stopped at {points} operations, overtaken {overtaken} times");
        Assert.InRange(points, 8, 500);
        Assert.InRange(overtaken, 1, 2000);
    }

    /// <summary>How often the read began anew; null when it ended before that operation.</summary>
    private static async Task<long?> ReadAsync(Rig rig, int version, int at, bool sweeps)
    {
        rig.NewLife();
        var process = new SimulatedProcess();
        var pause = new StorePause();
        process.Faults = operation =>
            operation.Number == at ? StoreFault.PauseBefore(pause) : StoreFault.None;
        var life = rig.LifeOf(process);
        var expected = rig.Model[version]["disk0"];
        var reading = Task.Run(async () =>
        {
            var view = await life.Services.Views.OpenAsync(
                Rig.Machine, version, "disk0", CancellationToken.None);
            var bytes = new byte[expected.Length];
            await view.ReadAsync(0, bytes);
            return (bytes, view.Overtaken);
        });
        await Task.WhenAny(pause.Reached, reading).WaitAsync(Patience);
        var isPaused = pause.Reached.IsCompleted;
        if (isPaused) await MoveAsync(rig, sweeps);
        pause.Resume();
        var (found, overtaken) = await reading.WaitAsync(Patience);
        Assert.True(
            found.AsSpan().SequenceEqual(expected),
            $"version {version}, stopped before operation {at}: differs first at "
            + $"{found.AsSpan().CommonPrefixLength(expected)}");
        return isPaused ? overtaken : null;
    }

    /// <summary>Every delta that the reader could have resolved is another one afterwards.</summary>
    private static async Task MoveAsync(Rig rig, bool sweeps)
    {
        await rig.ConsolidateAsync(4);
        if (!sweeps) return;
        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.ConsolidateAsync(1);
        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.ConsolidateAsync(3);
    }
}
