namespace SnapshotFunctions.Engine.Plans;

/// <summary>
/// A plan's clock: stands still but for the waits that are planned, so that hours of waiting take
/// no time. What would happen at intervals while work goes on does not happen in a plan.
/// </summary>
internal sealed class PlanClock(TimeProvider real) : TimeProvider
{
    private readonly DateTimeOffset _start = real.GetUtcNow();
    private long _waitedTicks;

    /// <summary>How long was waited.</summary>
    public TimeSpan Waited => TimeSpan.FromTicks(Interlocked.Read(ref _waitedTicks));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Waited;

    /// <inheritdoc/>
    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(
            callback, state, period == Timeout.InfiniteTimeSpan ? dueTime : period,
            Timeout.InfiniteTimeSpan);

    /// <summary>Goes on to a time; one that has passed changes nothing.</summary>
    public void GoTo(DateTimeOffset time)
    {
        var ticks = (time - _start).Ticks;
        long seen;
        while ((seen = Interlocked.Read(ref _waitedTicks)) < ticks
            && Interlocked.CompareExchange(ref _waitedTicks, ticks, seen) != seen)
        {
            // Another waiter was first; whoever waits longest wins.
        }
    }
}
