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
    public Task ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellation) =>
        ReadAsync(
            (name, etag) => Store.ReadAsync(name, offset, destination, etag, cancellation),
            cancellation);

    /// <summary>Counts the read that would be made, where work is only planned.</summary>
    /// <exception cref="ObjectArchivedException">It is archived, and no copy can be read.</exception>
    public Task PlanReadAsync(
        IPlannedReads planned, long offset, long lengthBytes, CancellationToken cancellation) =>
        ReadAsync(
            (name, _) => planned.PlanReadAsync(name, offset, lengthBytes, cancellation),
            cancellation);

    private async Task ReadAsync(
        Func<string, string?, Task> read, CancellationToken cancellation)
    {
        if (Copies?.Known(Name) is { } known && await TryReadAsync(known, read)) return;
        try
        {
            await read(Name, ETag);
        }
        catch (ObjectArchivedException) when (Copies is not null)
        {
            if (await Copies.FindAsync(Name, cancellation) is not { } found
                || !await TryReadAsync(found, read)) throw;
        }
    }

    private async Task<bool> TryReadAsync(string copy, Func<string, string?, Task> read)
    {
        try
        {
            await read(copy, null);
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
