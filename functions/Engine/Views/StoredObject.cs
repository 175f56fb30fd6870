using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Views;

/// <summary>An object to read frames from, pinned to one state where it may change.</summary>
/// <param name="Store">The placement it lies in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="ETag">The state to read; null for an immutable object.</param>
/// <param name="Copies">Where to look for a copy should it be archived; null for nowhere.</param>
public sealed record StoredObject(
    IObjectStore Store, string Name, string? ETag, RehydratedCopies? Copies = null)
{
    /// <summary>Fills the destination from the object or, while it is archived, from a copy.</summary>
    /// <exception cref="ObjectArchivedException">It is archived, and no copy can be read.</exception>
    public async Task ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        if (Copies?.Known(Name) is { } known
            && await TryReadAsync(known, offset, destination, cancellation)) return;
        try
        {
            await Store.ReadAsync(Name, offset, destination, ETag, cancellation);
        }
        catch (ObjectArchivedException) when (Copies is not null)
        {
            if (await Copies.FindAsync(Name, cancellation) is not { } found
                || !await TryReadAsync(found, offset, destination, cancellation)) throw;
        }
    }

    private async Task<bool> TryReadAsync(
        string copy, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        try
        {
            await Store.ReadAsync(copy, offset, destination, ifMatch: null, cancellation);
            return true;
        }
        catch (StoreException error)
            when (error is ObjectNotFoundException or ObjectArchivedException)
        {
            // Whoever asked for the copy has removed it; the object itself may be back.
            Copies!.Forget(Name);
            return false;
        }
    }
}
