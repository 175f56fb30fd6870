using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <summary>
/// Whatever befalls any one store operation of a flow, the flow comes to the same end, every
/// acknowledged version stays whole, and nothing is left that the manifest does not list.
/// </summary>
public abstract class CrashEverywhereTests(ITestOutputHelper output)
{
    private const int AnswerStride = 3;

    internal async Task EverywhereAsync(string name, Func<Task<Scene>> prepare)
    {
        var scene = await prepare();
        var count = await scene.RehearseAsync();
        var before = await EachAsync(scene, StoreFault.CrashBefore, 1, 1);
        var after = await EachAsync(scene, StoreFault.CrashAfter, 1, 1);
        var lost = await EachAsync(scene, StoreFault.LoseAnswer, 1, AnswerStride);
        var failed = await EachAsync(scene, StoreFault.FailBefore, 2, AnswerStride);
        var twice = await TwiceAsync(scene, count);
        output.WriteLine(
            $"{name}: {count} store operations; crashed before {before} and after {after} of them, "
            + $"lost {lost} answers, failed {failed} once, crashed again {twice} times");
        Assert.InRange(before, count * 3 / 4, count * 2);
        Assert.InRange(after, count * 3 / 4, count * 2);
        Assert.InRange(twice, 5, 1000);
    }

    /// <summary>One run for each operation, until a run ends without coming to it.</summary>
    private static async Task<int> EachAsync(Scene scene, StoreFault fault, int first, int stride)
    {
        var runs = 0;
        for (var at = first; await scene.RunAsync(fault, at); at += stride) runs++;
        return runs;
    }

    /// <summary>Crashes at some operations, and then at many of the life that recovers.</summary>
    private static async Task<int> TwiceAsync(Scene scene, long count)
    {
        var runs = 0;
        for (var part = 1; part < 4; part++)
        {
            var first = count * part / 4;
            for (long second = 1 + part;
                await scene.RunAsync(StoreFault.CrashAfter, [first, second]); second += 7) runs++;
        }
        return runs;
    }
}
