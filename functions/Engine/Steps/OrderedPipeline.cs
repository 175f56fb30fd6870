namespace SnapshotFunctions.Engine.Steps;

/// <summary>
/// Runs pieces of work side by side, a bounded number at once, and hands their results on one
/// after the other in the order in which they were added.
/// </summary>
internal sealed class OrderedPipeline<T>(int atOnce) : IAsyncDisposable
{
    private readonly Queue<(Task<T> Work, Func<T, Task> Take)> _running = new();

    /// <summary>Adds a piece of work; waits while too many run.</summary>
    public async ValueTask AddAsync(Func<Task<T>> work, Func<T, Task> take)
    {
        while (_running.Count >= atOnce) await TakeFirstAsync();
        _running.Enqueue((Task.Run(work), take));
    }

    /// <summary>Waits for all of it.</summary>
    public async ValueTask CompleteAsync()
    {
        while (_running.Count > 0) await TakeFirstAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Only after an error: what still runs uses buffers and images that are disposed of next.
        while (_running.TryDequeue(out var piece))
            await ((Task)piece.Work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask TakeFirstAsync()
    {
        var (work, take) = _running.Dequeue();
        await take(await work);
    }
}
