namespace SnapshotFunctions.Engine.Steps;

/// <summary>
/// The windows of one process that may be in work at once, whichever steps they belong to: each
/// has a request for data under way and holds buffers, so this bounds both.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds "
    + "nothing to dispose of.")]
public sealed class WindowSlots
{
    private readonly SemaphoreSlim _free;

    internal WindowSlots(int count) => _free = new SemaphoreSlim(count, count);

    /// <summary>
    /// Takes a slot, when one is free. Whoever has slots already asks this way and lets go of one
    /// where there is none: holders that wait would wait for each other.
    /// </summary>
    internal bool TryTake() => _free.Wait(0, CancellationToken.None);

    /// <summary>Waits for a slot; only who has none.</summary>
    internal Task TakeAsync(CancellationToken cancellation) => _free.WaitAsync(cancellation);

    /// <summary>Gives a slot back.</summary>
    internal void Release() => _free.Release();
}
