namespace SnapshotFunctions.Http.Disks;

/// <summary>Bytes of a budget that somebody holds; given back once, when disposed of.</summary>
public sealed class BudgetShare : IDisposable
{
    private readonly ReadBudget _budget;
    private long _bytes;

    internal BudgetShare(ReadBudget budget, long bytes) => (_budget, _bytes) = (budget, bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        var bytes = Interlocked.Exchange(ref _bytes, 0);
        if (bytes > 0) _budget.Return(bytes);
    }
}
