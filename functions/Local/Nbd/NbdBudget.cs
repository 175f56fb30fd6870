using SnapshotFunctions.Http.Disks;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>
/// What one connection may hold of what all may hold together: a connection that takes nothing
/// keeps no more than its own part from the others.
/// </summary>
internal sealed class NbdBudget(ReadBudget all, int mostBytes)
{
    private readonly ReadBudget _own = new(mostBytes);

    /// <summary>Takes a share; disposing of it gives it back.</summary>
    public async Task<NbdShare> TakeAsync(int bytes, CancellationToken cancellation)
    {
        var own = await _own.TakeAsync(bytes, cancellation);
        try
        {
            return new NbdShare(own, await all.TakeAsync(bytes, cancellation));
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }
}
