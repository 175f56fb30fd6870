namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// The same shard of the version that a clone began from, opened when it is first needed. Who finds
/// it overtaken opens the shard anew as a whole, and with it the origin.
/// </summary>
/// <param name="identity">Says which version it is: equal for equal content.</param>
/// <param name="open">Opens it.</param>
public sealed class OriginView(string identity, Func<CancellationToken, Task<ShardView>> open)
{
    private readonly Lock _lock = new();
    private Task<ShardView>? _opening;

    /// <summary>Says which version it is: equal for equal content.</summary>
    public string Identity => identity;

    /// <summary>The view, where it was opened.</summary>
    /// <exception cref="InvalidOperationException">It was not.</exception>
    public ShardView Opened => _opening is { IsCompletedSuccessfully: true } opened
        ? opened.Result
        : throw new InvalidOperationException($"{identity} was not opened.");

    /// <summary>Opens the view, once for all who ask.</summary>
    public async Task<ShardView> OpenAsync(CancellationToken cancellation)
    {
        Task<ShardView> opening;
        lock (_lock)
        {
            if (_opening is null or { IsFaulted: true } or { IsCanceled: true })
                _opening = open(CancellationToken.None);
            opening = _opening;
        }
        return await opening.WaitAsync(cancellation);
    }
}
