using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>
/// Fixes what a commit takes. Once a mount is frozen no write is acknowledged any more, so that a
/// listing made after finds all that was. A writer that stalled may still replace a chunk: the seal
/// names each chunk's state, and whoever finds another one ends, and is begun anew over a new seal.
/// </summary>
/// <param name="store">The base placement.</param>
public sealed class MountSeals(IObjectStore store)
{
    /// <summary>A shard of 8 GiB has 32,768 chunks, of some hundred bytes each here.</summary>
    private const int MostBytes = 64 << 20;

    /// <summary>
    /// Writes the seal of one try, once: a repeat finds what the first has written.
    /// </summary>
    public async Task MakeAsync(
        MountRecord mount, string seal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mount);
        var name = ObjectNames.MountSeal(mount.Machine, mount.Id, seal);
        if (await store.FindAsync(name, cancellation) is not null) return;
        var disks = new List<SealedDisk>();
        foreach (var disk in mount.Disks)
            disks.Add(new SealedDisk(
                disk.Name, disk.SizeBytes, await ShardsAsync(mount, disk, cancellation)));
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new MountSeal(mount.Job ?? string.Empty, disks), MountJson.Default.MountSeal);
        try
        {
            await store.PutAsync(name, content, WriteOptions.Create(), cancellation);
        }
        catch (OvertakenException)
        {
            // A twin of this call was first: what it found counts.
        }
    }

    /// <summary>Reads a seal, with the hash that names its state; null when there is none.</summary>
    public async Task<(MountSeal Seal, string Identity)?> FindAsync(
        string machine, string id, string seal, CancellationToken cancellation)
    {
        var name = ObjectNames.MountSeal(machine, id, seal);
        try
        {
            var (bytes, _) = await store.ReadWholeAsync(name, MostBytes, cancellation);
            return (Parse(bytes, name, MountJson.Default.MountSeal), Hash256.Of(bytes).ToString());
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads the chunks of a shard that a seal names.</summary>
    /// <exception cref="CorruptObjectException">They are not what it names.</exception>
    public async Task<IReadOnlyList<SealedChunk>> ChunksAsync(
        string machine, string id, Hash256 hash, CancellationToken cancellation)
    {
        var name = ObjectNames.MountSealPart(machine, id, hash);
        var (bytes, _) = await store.ReadWholeAsync(name, MostBytes, cancellation);
        var found = Hash256.Of(bytes);
        return found == hash
            ? Parse(bytes, name, MountJson.Default.SealedChunks).Chunks
            : throw new CorruptObjectException(name, $"{hash}", $"{found}");
    }

    private async Task<List<SealedShard>> ShardsAsync(
        MountRecord mount, MountDisk disk, CancellationToken cancellation)
    {
        var chunks = new MountChunks(store, mount, disk);
        var shards = new List<SealedShard>();
        var open = new SortedDictionary<int, List<SealedChunk>>();
        await foreach (var chunk in chunks.SealAsync(cancellation))
        {
            var start = chunk.Chunk * chunks.ChunkBytes;
            if (start >= disk.SizeBytes) continue;
            var first = (int)(start / mount.ShardBytes);
            foreach (var shard in open.Keys.Where(s => s < first).ToList())
                await CloseAsync(shard);
            // Where sizes are odd a chunk may lie on two shards: both take their part of it.
            var last = (int)((start + chunks.ChunkBytes - 1) / mount.ShardBytes);
            for (var shard = first; shard <= last; shard++)
            {
                if (!open.TryGetValue(shard, out var list)) open.Add(shard, list = []);
                list.Add(chunk);
            }
        }
        foreach (var shard in open.Keys.ToList()) await CloseAsync(shard);
        return shards;

        async Task CloseAsync(int shard)
        {
            open.Remove(shard, out var list);
            if (shard * mount.ShardBytes < disk.SizeBytes)
                shards.Add(new SealedShard(shard, await WriteAsync(mount, list!, cancellation)));
        }
    }

    private async Task<Hash256> WriteAsync(
        MountRecord mount, List<SealedChunk> chunks, CancellationToken cancellation)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new SealedChunks(chunks), MountJson.Default.SealedChunks);
        var hash = Hash256.Of(content);
        // Named by its bytes: whoever writes it writes the same.
        await store.PutAsync(
            ObjectNames.MountSealPart(mount.Machine, mount.Id, hash), content, new WriteOptions(),
            cancellation);
        return hash;
    }

    private static T Parse<T>(byte[] bytes, string name, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type)
                ?? throw new CorruptObjectException(name, "a seal", "null");
        }
        catch (JsonException error)
        {
            throw new CorruptObjectException(name, "the JSON of a seal", error.Message, error);
        }
    }
}
