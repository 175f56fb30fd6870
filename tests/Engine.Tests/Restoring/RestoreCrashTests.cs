using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.EngineTests.Restoring;

/// <summary>A crash at every operation on the target; then the same restore is run again.</summary>
public sealed class RestoreCrashTests
{
    [Theory]
    [InlineData(false, false, null)]
    [InlineData(true, false, null)]
    [InlineData(false, true, null)]
    [InlineData(true, true, null)]
    [InlineData(false, true, 1)]
    [InlineData(true, true, 1)]
    public async Task A_restore_that_is_run_again_after_a_crash_completes(
        bool after, bool onto, int? from)
    {
        var versions = TinyDisks.Row(61, 3);
        var bench = await RestoreBench.CreateAsync(versions);
        for (var at = 1; ; at++)
        {
            bench.Targets = new() { CrashAt = at, CrashesAfter = after };
            if (onto) bench.Targets[RestoreBench.Target] = [.. versions[0]];
            if (!await CrashesAsync(bench, With))
            {
                Assert.InRange(at, 5, 500);
                return;
            }
            if (!onto)
                Assert.True(
                    !bench.Targets.Names.Contains(RestoreBench.Target, StringComparer.Ordinal)
                    || bench.Targets[RestoreBench.Target].AsSpan().SequenceEqual(versions[2]),
                    $"A crash at operation {at} leaves half a file under its name.");
            bench.Targets.Restart();
            await bench.RestoreAsync(3, input => With(input) with { Overwrite = !onto });
            Assert.Equal(versions[2], bench.Targets[RestoreBench.Target]);
            Assert.Equal([RestoreBench.Target], bench.Targets.Names);
        }

        RestoreInput With(RestoreInput input) => input with { Onto = onto, FromVersion = from };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_step_that_is_run_again_after_a_crash_does_the_same(bool after)
    {
        var versions = TinyDisks.Row(62, 2);
        var bench = await RestoreBench.CreateAsync(versions);
        for (var at = 1; ; at++)
        {
            bench.Targets = new() { CrashAt = at, CrashesAfter = after };
            var crashes = 0;
            var context = bench.Context();
            context.OnCrash = () =>
            {
                crashes++;
                bench.Targets.Restart();
            };
            await bench.RestoreAsync(2, context: context);
            Assert.Equal(versions[1], bench.Targets[RestoreBench.Target]);
            Assert.Equal([RestoreBench.Target], bench.Targets.Names);
            if (crashes > 0) continue;
            Assert.InRange(at, 5, 500);
            return;
        }
    }

    private static async Task<bool> CrashesAsync(
        RestoreBench bench, Func<RestoreInput, RestoreInput> with)
    {
        try
        {
            await bench.RestoreAsync(3, with);
            return false;
        }
        catch (SimulatedCrashException)
        {
            return true;
        }
    }
}
