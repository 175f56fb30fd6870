namespace SnapshotFunctions.TestShared.Time;

/// <summary>
/// A clock with timers that stands still until a test moves it. One that jumps goes to the due
/// time of each timer as it is set, so that waits cost a test no time.
/// </summary>
public sealed class ManualTimeProvider(bool jumps = false) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock on and rings the timers that are due, in order.</summary>
    public void Advance(TimeSpan time)
    {
        List<ManualTimer> due;
        lock (_lock)
        {
            _now += time;
            due = [.. _timers.Where(timer => timer.Due <= _now).OrderBy(timer => timer.Due)];
            foreach (var timer in due)
                timer.Next(_now);
        }
        foreach (var timer in due)
            timer.Ring();
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_lock)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(
        ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan
                    ? DateTimeOffset.MaxValue : clock._now + dueTime;
                if (dueTime == Timeout.InfiniteTimeSpan || (!clock.Jumps && dueTime > TimeSpan.Zero))
                    return true;
            }
            // On the thread pool, as a real timer rings: its owner may hold a lock just now.
            ThreadPool.QueueUserWorkItem(
                _ => clock.Advance(dueTime > TimeSpan.Zero ? dueTime : TimeSpan.Zero));
            return true;
        }

        public void Next(DateTimeOffset now) =>
            Due = _period > TimeSpan.Zero ? now + _period : DateTimeOffset.MaxValue;

        public void Ring() => callback(state);

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private bool Jumps => jumps;
}
