using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>The chunks of one disk of a mount, as objects. Thread-safe.</summary>
/// <param name="store">The base placement.</param>
/// <param name="mount">The mount.</param>
/// <param name="disk">Its disk.</param>
public sealed class MountChunks(IObjectStore store, MountRecord mount, MountDisk disk)
{
    /// <summary>Chunks that one listing tells of.</summary>
    public const int ChunksPerListing = 1000;

    /// <summary>The mount.</summary>
    public MountRecord Mount => mount;

    /// <summary>The disk.</summary>
    public MountDisk Disk => disk;

    /// <summary>The bytes of the disk that a chunk stands for.</summary>
    public long ChunkBytes { get; } = (long)mount.SectorBytes * MountChunk.SectorCount;

    /// <summary>A chunk with the state of its object; null when nothing was written there.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public async Task<(MountChunk Chunk, string ETag)?> FindAsync(
        long chunk, CancellationToken cancellation)
    {
        var name = NameOf(chunk);
        try
        {
            var (bytes, properties) = await store.ReadWholeAsync(
                name, MountChunk.MostBytes(mount.SectorBytes), cancellation);
            return (MountChunk.Decode(bytes, mount, disk.Name, chunk, name), properties.ETag);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes a chunk over the state that was read; null: where nothing was.</summary>
    /// <exception cref="OvertakenException">Another writer was first.</exception>
    public async Task<string> WriteAsync(
        long chunk, MountChunk content, string? etag, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        var (bytes, metadata) = content.Encode(mount, disk.Name, chunk);
        var written = await store.PutAsync(
            NameOf(chunk), bytes,
            new WriteOptions(
                IfMatch: etag, IfAbsent: etag is null, Tier: StorageTier.Hot, Metadata: metadata),
            cancellation);
        return written.ETag;
    }

    /// <summary>Takes a chunk back that was written as a new one.</summary>
    public async Task RemoveAsync(long chunk, string etag, CancellationToken cancellation)
    {
        try
        {
            await store.DeleteAsync(NameOf(chunk), etag, cancellation);
        }
        catch (OvertakenException)
        {
            // It is gone, or somebody else's: whoever that is looks at the record too.
        }
    }

    /// <summary>The chunks of a thousand that were written to.</summary>
    public async Task<HashSet<long>> ListAsync(long thousand, CancellationToken cancellation)
    {
        var found = new HashSet<long>();
        var prefix = ObjectNames.MountChunks(mount.Machine, mount.Id, disk.Name, thousand);
        await foreach (var one in store.ListAsync(prefix, cancellation))
            if (ObjectNames.TryParseMountChunk(one.Name, out var chunk)) found.Add(chunk);
        return found;
    }

    /// <summary>All chunks that were written to, ascending, each in the state that it is in now.</summary>
    /// <exception cref="CorruptObjectException">One does not say what is in it.</exception>
    public async IAsyncEnumerable<SealedChunk> SealAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var prefix = ObjectNames.MountDisk(mount.Machine, mount.Id, disk.Name);
        await foreach (var one in store.ListAsync(prefix, cancellation))
        {
            if (ObjectNames.TryParseMountChunk(one.Name, out var chunk)
                && MountChunk.MaskOf(one.Metadata.GetValueOrDefault(MountChunk.SectorsKey))
                    is { } sectors
                && MountChunk.MaskOf(one.Metadata.GetValueOrDefault(MountChunk.ZerosKey))
                    is { } zeros
                && (zeros & ~sectors) == 0)
            {
                yield return new SealedChunk(chunk, one.ETag, sectors, zeros);
                continue;
            }
            throw new CorruptObjectException(
                one.Name, "metadata that tell its sectors",
                string.Join(", ", one.Metadata.Select(m => $"{m.Key}={m.Value}")));
        }
    }

    /// <summary>The name of a chunk's object.</summary>
    public string NameOf(long chunk) =>
        ObjectNames.MountChunk(mount.Machine, mount.Id, disk.Name, chunk);
}
