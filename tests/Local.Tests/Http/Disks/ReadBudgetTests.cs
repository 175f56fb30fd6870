using SnapshotFunctions.Http.Disks;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

public sealed class ReadBudgetTests
{
    private readonly ReadBudget _budget = new(100);

    [Fact]
    public async Task Whoever_waits_is_served_in_the_order_of_asking()
    {
        var first = await _budget.TakeAsync(90, CancellationToken.None);
        var large = _budget.TakeAsync(80, CancellationToken.None);
        var small = _budget.TakeAsync(10, CancellationToken.None);
        Assert.False(small.IsCompleted, "a small share passed a large one over");
        Assert.Equal((90, 2), (_budget.HeldBytes, _budget.Waiting));
        first.Dispose();
        using var one = await large;
        using var other = await small;
        Assert.Equal((90, 90), (_budget.HeldBytes, _budget.PeakBytes));
    }

    [Fact]
    public async Task Who_gives_up_waiting_lets_the_next_one_pass()
    {
        var first = await _budget.TakeAsync(60, CancellationToken.None);
        using var end = new CancellationTokenSource();
        var large = _budget.TakeAsync(80, end.Token);
        var small = _budget.TakeAsync(40, CancellationToken.None);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        (await small).Dispose();
        first.Dispose();
        first.Dispose();
        Assert.Equal((0, 0), (_budget.HeldBytes, _budget.Waiting));
    }

    [Fact]
    public async Task More_than_there_is_counts_as_all()
    {
        using var all = await _budget.TakeAsync(1000, CancellationToken.None);
        Assert.Equal(100, _budget.HeldBytes);
    }

    [Fact]
    public async Task A_spare_share_leaves_half_free_and_passes_nobody_over()
    {
        using var spare = _budget.TryTakeSpare(50);
        Assert.NotNull(spare);
        Assert.Null(_budget.TryTakeSpare(1));
        spare.Dispose();
        var most = await _budget.TakeAsync(100, CancellationToken.None);
        var waiting = _budget.TakeAsync(1, CancellationToken.None);
        Assert.Null(_budget.TryTakeSpare(0));
        most.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task Many_at_once_never_hold_more_than_there_is_and_all_come_back()
    {
        var random = new Random(5);
        var lengths = Enumerable.Range(0, 2000).Select(_ => random.Next(1, 60)).ToList();
        var held = 0L;
        await Parallel.ForEachAsync(lengths, async (length, cancellation) =>
        {
            using var end = new CancellationTokenSource();
            if (length % 7 == 0) end.CancelAfter(TimeSpan.FromMilliseconds(length % 3));
            try
            {
                using var share = await _budget.TakeAsync(length, end.Token);
                Assert.InRange(Interlocked.Add(ref held, length), 0, 100);
                await Task.Yield();
                Interlocked.Add(ref held, -length);
            }
            catch (OperationCanceledException)
            {
                // It gave up waiting, as some do.
            }
        });
        Assert.Equal((0, 0), (_budget.HeldBytes, _budget.Waiting));
        Assert.InRange(_budget.PeakBytes, 50, 100);
    }
}
