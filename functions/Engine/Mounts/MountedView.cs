using System.Collections.Concurrent;
using System.Numerics;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>
/// A disk of a mount for one reader: what was written, over the version. A chunk that is not there
/// counts as never written only if the mount is found whole after the look, since one that is
/// dropped loses its chunks one by one. A reader of much asks once for the names of a thousand
/// chunks; one of little asks for the chunks themselves. Safe for reads side by side.
/// </summary>
/// <param name="records">The mounts.</param>
/// <param name="chunks">The disk's chunks.</param>
/// <param name="view">The version's disk.</param>
/// <param name="bytesWanted">How much is going to be read in all.</param>
public sealed class MountedView(
    MountRecords records, MountChunks chunks, DiskView view, long bytesWanted)
{
    private const int FewChunks = 4;
    private const int MostListings = 8;

    private readonly ConcurrentDictionary<long, Lazy<Task<HashSet<long>>>> _listings = [];
    private readonly bool _lists = bytesWanted > FewChunks * chunks.ChunkBytes;

    /// <summary>The version's disk.</summary>
    public DiskView View => view;

    /// <summary>The bytes of the disk that a chunk stands for.</summary>
    public long ChunkBytes => chunks.ChunkBytes;

    /// <summary>
    /// Whether anything may have been written to a range. Who reads little is told so without a
    /// look: it looks when it reads.
    /// </summary>
    public async Task<bool> MayHoldAsync(ByteRange range, CancellationToken cancellation)
    {
        if (!_lists) return true;
        for (var chunk = range.Offset / ChunkBytes; chunk * ChunkBytes < range.End; chunk++)
            if (await IsListedAsync(chunk, cancellation)) return true;
        return false;
    }

    /// <summary>Fills the destination from an offset on; beyond the disk's end are zeros.</summary>
    /// <exception cref="NoSuchException">The mount was committed or dropped meanwhile.</exception>
    public async Task ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        await view.ReadAsync(offset, destination, cancellation);
        var end = Math.Min(offset + destination.Length, chunks.Disk.SizeBytes);
        var isAbsent = false;
        for (var chunk = offset / ChunkBytes; chunk * ChunkBytes < end; chunk++)
        {
            if (_lists && !await IsListedAsync(chunk, cancellation)) continue;
            var found = await chunks.FindAsync(chunk, cancellation);
            if (found is not { } there)
            {
                isAbsent = true;
                continue;
            }
            using var content = there.Chunk;
            Lay(content, chunk, offset, destination.Span[..(int)(end - offset)]);
        }
        if (isAbsent) await RequireWholeAsync(cancellation);
    }

    private void Lay(MountChunk content, long chunk, long offset, Span<byte> destination)
    {
        var start = chunk * ChunkBytes;
        for (var rest = content.Sectors; rest != 0; rest &= rest - 1)
        {
            var sector = BitOperations.TrailingZeroCount(rest);
            var place = start + ((long)sector * content.SectorBytes);
            var from = Math.Max(place, offset);
            var to = Math.Min(place + content.SectorBytes, offset + destination.Length);
            if (from >= to) continue;
            content.Sector(sector)[(int)(from - place)..(int)(to - place)]
                .CopyTo(destination[(int)(from - offset)..]);
        }
    }

    private async Task<bool> IsListedAsync(long chunk, CancellationToken cancellation)
    {
        var thousand = chunk / MountChunks.ChunksPerListing;
        // A reader goes from front to back: what lies far behind is not wanted again.
        if (_listings.Count > MostListings) _listings.Clear();
        var listing = _listings.GetOrAdd(
            thousand, t => new Lazy<Task<HashSet<long>>>(() => ListAsync(t, cancellation)));
        return (await listing.Value).Contains(chunk);
    }

    private async Task<HashSet<long>> ListAsync(long thousand, CancellationToken cancellation)
    {
        var found = await chunks.ListAsync(thousand, cancellation);
        await RequireWholeAsync(cancellation);
        return found;
    }

    private async Task RequireWholeAsync(CancellationToken cancellation)
    {
        var mount = chunks.Mount;
        if (await records.FindAsync(mount.Machine, mount.Id, cancellation)
            is not { Record.IsReadable: true })
            throw MountRecords.NoMount(mount.Machine, mount.Id);
    }
}
