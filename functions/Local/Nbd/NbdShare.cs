using SnapshotFunctions.Http.Disks;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>Bytes that one request of one connection holds.</summary>
internal readonly struct NbdShare(BudgetShare own, BudgetShare all) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        all.Dispose();
        own.Dispose();
    }
}
