using System.Security.Cryptography;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>
/// Writes to a disk of a mount. A chunk is read, changed and written over the state that was read,
/// as often as others are first; so no sector is lost or torn, whoever writes beside. The record is
/// looked at once more after all was written: what was frozen meanwhile is not acknowledged, since
/// the commit may not have seen it. A crash in between leaves some chunks written and nothing
/// acknowledged, as a disk does whose machine loses power.
/// </summary>
/// <param name="records">The mounts.</param>
/// <param name="chunks">The disk's chunks; its mount as it was when the write began.</param>
/// <param name="below">Reads the version, where a sector is written in part.</param>
/// <param name="time">The clock.</param>
public sealed class MountWriter(
    MountRecords records, MountChunks chunks, DiskReader below, TimeProvider time)
{
    private const int AtOnce = 4;
    private const int MostAttempts = 64;

    /// <summary>Writes some bytes; they are durable when this returns.</summary>
    /// <param name="offset">The first byte's place on the disk.</param>
    /// <param name="bytes">The bytes; they end on the disk.</param>
    /// <param name="cancellation">Ends the call; some of the bytes may be written then.</param>
    /// <exception cref="RefusedException">
    /// Reason "mount-state": the mount is not open, or was not while this wrote.
    /// </exception>
    /// <exception cref="NoSuchException">It is gone.</exception>
    public async Task WriteAsync(
        long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        RequireOpen(chunks.Mount);
        var size = chunks.ChunkBytes;
        var first = offset / size;
        var count = (int)(((offset + bytes.Length - 1) / size) - first + 1);
        var made = new (string? ETag, long Chunk)[count];
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation,
        };
        await Parallel.ForAsync(0, count, parallel, async (i, token) =>
        {
            var chunk = first + i;
            var start = Math.Max(offset, chunk * size);
            var end = Math.Min(offset + bytes.Length, (chunk + 1) * size);
            var part = bytes.Slice((int)(start - offset), (int)(end - start));
            made[i] = (await WriteChunkAsync(chunk, start, part, token), chunk);
        });
        await RequireStillOpenAsync(made, cancellation);
    }

    /// <summary>Goes on with a mount that can be written.</summary>
    /// <exception cref="RefusedException">Reason "mount-state": it cannot.</exception>
    public static void RequireOpen(MountRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.State is MountState.Open) return;
        throw new RefusedException(
            "mount-state", record.State switch
            {
                MountState.Opening => $"Mount '{record.Id}' is being opened: try again.",
                MountState.Committing =>
                    $"Mount '{record.Id}' is being committed by job '{record.Job}' and takes no "
                    + "writes; it takes them again if that fails.",
                _ => $"Mount '{record.Id}' was committed or dropped and is going.",
            });
    }

    /// <summary>Answers the state of an object that it made; null when the chunk was there.</summary>
    private async Task<string?> WriteChunkAsync(
        long chunk, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var found = await chunks.FindAsync(chunk, cancellation);
            using var content = found?.Chunk ?? MountChunk.Empty(chunks.Mount.SectorBytes);
            await LayAsync(content, chunk, offset, bytes, cancellation);
            try
            {
                var etag = await chunks.WriteAsync(chunk, content, found?.ETag, cancellation);
                return found is null ? etag : null;
            }
            catch (OvertakenException) when (attempt < MostAttempts)
            {
                await PauseAsync(attempt, cancellation);
            }
        }
    }

    /// <summary>Lays bytes into a chunk's sectors; what a sector lacks comes from below.</summary>
    private async Task LayAsync(
        MountChunk content, long chunk, long offset, ReadOnlyMemory<byte> bytes,
        CancellationToken cancellation)
    {
        var sectorBytes = content.SectorBytes;
        var start = chunk * chunks.ChunkBytes;
        while (!bytes.IsEmpty)
        {
            var sector = (int)((offset - start) / sectorBytes);
            var place = start + ((long)sector * sectorBytes);
            var skip = (int)(offset - place);
            var length = Math.Min(bytes.Length, sectorBytes - skip);
            // What lies past the disk's end is zeros already, and needs no look below.
            var isWhole = skip == 0
                && (length == sectorBytes || place + length == chunks.Disk.SizeBytes);
            if (!content.Has(sector))
            {
                var fill = new byte[sectorBytes];
                if (!isWhole) await ReadBelowAsync(place, fill, cancellation);
                fill.CopyTo(content.Write(sector));
            }
            bytes.Span[..length].CopyTo(content.Write(sector)[skip..]);
            offset += length;
            bytes = bytes[length..];
        }
    }

    private ValueTask ReadBelowAsync(
        long place, byte[] sector, CancellationToken cancellation)
    {
        var length = (int)Math.Min(sector.Length, chunks.Disk.SizeBytes - place);
        return below(place, sector.AsMemory(0, length), cancellation);
    }

    /// <summary>
    /// Goes on where the mount is as it was when the write began. What was written as new to one
    /// that is gone is taken back: nobody else would find it soon.
    /// </summary>
    private async Task RequireStillOpenAsync(
        (string? ETag, long Chunk)[] made, CancellationToken cancellation)
    {
        var (before, now) = (
            chunks.Mount, await records.FindAsync(
                chunks.Mount.Machine, chunks.Mount.Id, cancellation));
        if (now is not { Record.IsReadable: true })
        {
            foreach (var (etag, chunk) in made)
                if (etag is not null) await chunks.RemoveAsync(chunk, etag, cancellation);
        }
        if (now is not { } found) throw MountRecords.NoMount(before.Machine, before.Id);
        RequireOpen(found.Record);
        if (found.Record.Generation != before.Generation)
            throw new RefusedException(
                "mount-state",
                $"Mount '{before.Id}' was frozen for a commit that failed while this was written: "
                + "send it again.");
    }

    private async Task PauseAsync(int attempt, CancellationToken cancellation)
    {
        // The first tries follow at once: mostly there is one other writer, and it is done.
        if (attempt < 3) return;
        var milliseconds = RandomNumberGenerator.GetInt32(1, 5 << Math.Min(attempt, 7));
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, cancellation);
    }
}
