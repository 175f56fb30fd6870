namespace SnapshotFunctions.Engine.Steps;

/// <summary>
/// Runs pieces of work side by side, a bounded number at once, and hands their results on one
/// after the other in the order in which they were added.
/// </summary>
/// <param name="atOnce">Most pieces at once, those counted that wait to be handed on.</param>
/// <param name="slots">
/// What each piece needs until it is handed on, shared with other pipelines; null for nothing.
/// </param>
internal sealed class OrderedPipeline<T>(int atOnce, WindowSlots? slots = null) : IAsyncDisposable
{
    private readonly Queue<(Task<T> Work, Func<T, Task> Take)> _running = new();

    /// <summary>Adds a piece of work; waits while too many run.</summary>
    public async ValueTask AddAsync(
        Func<Task<T>> work, Func<T, Task> take, CancellationToken cancellation)
    {
        while (_running.Count >= atOnce) await TakeFirstAsync();
        if (slots is not null)
        {
            // While other pipelines have the slots, what is at hand here is handed on.
            var isTaken = slots.TryTake();
            while (!isTaken && _running.Count > 0)
            {
                await TakeFirstAsync();
                isTaken = slots.TryTake();
            }
            if (!isTaken) await slots.TakeAsync(cancellation);
        }
        _running.Enqueue((Task.Run(work, CancellationToken.None), take));
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
        {
            await ((Task)piece.Work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            slots?.Release();
        }
    }

    private async ValueTask TakeFirstAsync()
    {
        var (work, take) = _running.Dequeue();
        try
        {
            await take(await work);
        }
        finally
        {
            slots?.Release();
        }
    }
}
