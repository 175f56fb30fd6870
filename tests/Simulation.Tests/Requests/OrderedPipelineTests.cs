using SnapshotFunctions.Engine.Steps;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Requests;

/// <summary>Pipelines of several steps that share the windows of a process.</summary>
public sealed class OrderedPipelineTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Steps_that_share_slots_all_come_to_their_end_in_order(int count)
    {
        var slots = new WindowSlots(count);
        var (running, most) = (0, 0);
        var gate = new Lock();
        var steps = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var taken = new List<int>();
            await using var pipeline = new OrderedPipeline<int>(4, slots);
            for (var i = 0; i < 100; i++)
            {
                var number = i;
                await pipeline.AddAsync(
                    async () =>
                    {
                        Add(1);
                        await Task.Yield();
                        Add(-1);
                        return number;
                    },
                    result =>
                    {
                        taken.Add(result);
                        return Task.CompletedTask;
                    },
                    CancellationToken.None);
            }
            await pipeline.CompleteAsync();
            Assert.Equal(Enumerable.Range(0, 100), taken);
        }));
        await Task.WhenAll(steps);
        Assert.InRange(most, 1, count);
        await AssertAllFreeAsync(slots, count);

        void Add(int change)
        {
            lock (gate) most = Math.Max(most, running += change);
        }
    }

    [Fact]
    public async Task A_step_that_fails_gives_its_slots_back()
    {
        var slots = new WindowSlots(3);
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var pipeline = new OrderedPipeline<int>(3, slots);
            for (var i = 0; i < 10; i++)
            {
                var number = i;
                await pipeline.AddAsync(
                    () => number == 4
                        ? throw new InvalidOperationException("planned")
                        : Task.FromResult(number),
                    _ => Task.CompletedTask, CancellationToken.None);
            }
            await pipeline.CompleteAsync();
        });
        await AssertAllFreeAsync(slots, 3);
    }

    private static async Task AssertAllFreeAsync(WindowSlots slots, int count)
    {
        for (var i = 0; i < count; i++) await slots.TakeAsync(CancellationToken.None);
        Assert.False(slots.TryTake());
    }
}
