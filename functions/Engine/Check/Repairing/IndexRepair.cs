using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Writing;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// Brings a delta's index back from the copy at its data's end, under its own name: the bytes are
/// those that were there, so that no reader can tell.
/// </summary>
internal sealed class IndexRepair(IObjectStore store, ShardChain chain, Repairs repairs)
{
    /// <summary>Looks at an index and mends it; answers whether it can be worked with.</summary>
    public async Task<bool> RunAsync(
        ShardLink link, DeltaKey key, CancellationToken cancellation)
    {
        var name = ObjectNames.DeltaIndex(chain.Shard, key);
        var found = await store.FindAsync(name, cancellation);
        if (found is not null && await IsSoundAsync(link, key, name, cancellation)) return true;
        var data = ObjectNames.DeltaData(chain.Shard, key);
        try
        {
            var bytes = await CopyAsync(data, cancellation);
            if (!IsOf(DeltaIndex.Decode(bytes, data), link, key, data))
                throw new CorruptObjectException(data, $"a copy of the index of {key}", "another");
            await store.PutAsync(
                name, bytes,
                new WriteOptions(
                    IfMatch: found?.ETag, IfAbsent: found is null,
                    Metadata: DeltaPublication.Describe(chain.Shard, key)),
                cancellation);
            repairs.Mend(name, "from the copy at its data's end");
            return true;
        }
        catch (SnapshotException error) when (BlockFinder.IsDamage(error))
        {
            var why = error is ObjectArchivedException
                ? "its copy is archived: bring the data back, then repair again"
                : $"its copy cannot be read either: {error.Message}";
            repairs.Lose(name, why, chain.Behind(link));
            return false;
        }
    }

    private async Task<bool> IsSoundAsync(
        ShardLink link, DeltaKey key, string name, CancellationToken cancellation)
    {
        try
        {
            var (bytes, _) = await store.ReadWholeAsync(name, DeltaIndex.MostBytes, cancellation);
            return IsOf(DeltaIndex.Decode(bytes, name), link, key, name);
        }
        catch (SnapshotException error) when (BlockFinder.IsDamage(error))
        {
            return false;
        }
    }

    private bool IsOf(DeltaIndex index, ShardLink link, DeltaKey key, string name)
    {
        index.Header.Expect(chain.Shard, name);
        var upper = index.To > index.From ? index.ToNode : index.FromNode;
        return index.Key == key && upper == link.Edge.Node;
    }

    private async Task<byte[]> CopyAsync(string data, CancellationToken cancellation)
    {
        var found = await store.FindAsync(data, cancellation)
            ?? throw new ObjectNotFoundException(data);
        var tail = new byte[Math.Min(found.LengthBytes, DeltaIndex.TailBytes)];
        await store.ReadAsync(
            data, found.LengthBytes - tail.Length, tail, found.ETag, cancellation);
        var length = DeltaIndex.LengthFrom(tail, data);
        if (length > found.LengthBytes)
            throw new CorruptObjectException(
                data, $"an index within {found.LengthBytes} bytes", $"one of {length}");
        var bytes = new byte[length];
        await store.ReadAsync(data, found.LengthBytes - length, bytes, found.ETag, cancellation);
        return bytes;
    }
}
