namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// Stages parts of objects side by side, a bounded number at once, so that whoever makes them goes
/// on meanwhile. The writers of one step share one: however many deltas it saves, the parts under
/// way are as many. It is its step's alone, and is not called from two sides at a time.
/// </summary>
/// <param name="atOnce">Most parts that are under way.</param>
internal sealed class PartStaging(int atOnce) : IAsyncDisposable
{
    private readonly List<Task> _running = [];

    /// <summary>Begins to stage a part; waits while too many are under way.</summary>
    /// <exception cref="Model.SnapshotException">One that was begun earlier has failed.</exception>
    public async ValueTask AddAsync(Func<Task> stage)
    {
        // Any of them makes room, not the oldest: streams are not equally fast.
        while (_running.Count >= atOnce) await TakeAsync(await Task.WhenAny(_running));
        _running.Add(stage());
    }

    /// <summary>Waits until all parts are staged: only then may a block list name them.</summary>
    public async ValueTask CompleteAsync()
    {
        while (_running.Count > 0) await TakeAsync(_running[0]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // After an error nothing may be staged late, and the parts are still being read.
        foreach (var running in _running)
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _running.Clear();
    }

    private Task TakeAsync(Task running)
    {
        _running.Remove(running);
        return running;
    }
}
