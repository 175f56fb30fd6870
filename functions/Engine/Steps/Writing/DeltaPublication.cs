using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// Makes a written delta exist: data, then index, both created and never replaced. A repeat or a
/// twin of the step finds what the other has written and adopts it, if it came from the same input.
/// </summary>
internal static class DeltaPublication
{
    private const int MostIndexBytes = 256 << 20;
    private const int PieceBytes = 8 << 20;

    /// <summary>Commits the data and the index.</summary>
    /// <returns>The index that exists now: this one or an equal one of a twin.</returns>
    public static async Task<DeltaIndex> PublishAsync(
        IObjectStore store, DeltaDraft draft, DeltaIndex index, byte[] indexBytes,
        ReadOnlyMemory<byte> lastPart, IReadOnlyList<string> parts, CancellationToken cancellation)
    {
        var name = ObjectNames.DeltaData(draft.Shard, draft.Key);
        var tail = new byte[lastPart.Length + indexBytes.Length];
        lastPart.CopyTo(tail);
        indexBytes.CopyTo(tail, lastPart.Length);
        var options = new WriteOptions(
            IfAbsent: true, Tier: draft.DataTier, Metadata: Describe(draft));
        try
        {
            if (parts.Count == 0 && tail.Length <= PieceBytes)
                await store.PutAsync(name, tail, options, cancellation);
            else
                await CommitAsync(store, name, parts, tail, options, cancellation);
        }
        catch (OvertakenException)
        {
            // A twin was first, or an earlier run of this step died before the index.
            var adopted = await FinishAsync(store, draft, cancellation);
            if (adopted is not null) return adopted;
            throw;
        }
        return await PutIndexAsync(store, draft, index, indexBytes, cancellation);
    }

    /// <summary>The delta that an earlier run of the same step has published, else null.</summary>
    public static async Task<DeltaIndex?> FindAsync(
        IObjectStore store, DeltaDraft draft, CancellationToken cancellation)
    {
        var name = ObjectNames.DeltaIndex(draft.Shard, draft.Key);
        try
        {
            var (bytes, _) = await store.ReadWholeAsync(name, MostIndexBytes, cancellation);
            return Expect(DeltaIndex.Decode(bytes, name), draft, name);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Publishes the index of data that an earlier run has committed, else null.</summary>
    private static async Task<DeltaIndex?> FinishAsync(
        IObjectStore store, DeltaDraft draft, CancellationToken cancellation)
    {
        var name = ObjectNames.DeltaData(draft.Shard, draft.Key);
        var found = await store.FindAsync(name, cancellation);
        if (found is null) return null;
        var tail = new byte[Math.Min(found.LengthBytes, DeltaIndex.TailBytes)];
        await store.ReadAsync(
            name, found.LengthBytes - tail.Length, tail, found.ETag, cancellation);
        var length = DeltaIndex.LengthFrom(tail, name);
        if (length > found.LengthBytes)
            throw new CorruptObjectException(
                name, $"an index within {found.LengthBytes} bytes", $"one of {length}");
        var bytes = new byte[length];
        await store.ReadAsync(name, found.LengthBytes - length, bytes, found.ETag, cancellation);
        var index = Expect(DeltaIndex.Decode(bytes, name), draft, name);
        return await PutIndexAsync(store, draft, index, bytes, cancellation);
    }

    private static async Task CommitAsync(
        IObjectStore store, string name, IReadOnlyList<string> parts, byte[] tail,
        WriteOptions options, CancellationToken cancellation)
    {
        var blocks = parts.Select(p => new BlockReference(p, false)).ToList();
        for (var at = 0; at < tail.Length; at += PieceBytes)
        {
            var piece = tail.AsMemory(at, Math.Min(PieceBytes, tail.Length - at));
            var id = BlockIds.Part(blocks.Count, Hash256.Of(piece.Span));
            await store.StageBlockAsync(name, id, piece, cancellation);
            blocks.Add(new BlockReference(id, false));
        }
        await store.CommitBlocksAsync(name, blocks, options, cancellation);
    }

    private static async Task<DeltaIndex> PutIndexAsync(
        IObjectStore store, DeltaDraft draft, DeltaIndex index, byte[] bytes,
        CancellationToken cancellation)
    {
        var name = ObjectNames.DeltaIndex(draft.Shard, draft.Key);
        try
        {
            await store.PutAsync(
                name, bytes, new WriteOptions(IfAbsent: true, Metadata: Describe(draft)),
                cancellation);
            return index;
        }
        catch (OvertakenException)
        {
            return await FindAsync(store, draft, cancellation)
                ?? throw new OvertakenException(name, "it was swept while it was written");
        }
    }

    private static DeltaIndex Expect(DeltaIndex index, DeltaDraft draft, string name)
    {
        index.Header.Expect(draft.Shard, name);
        return index.Key == draft.Key && index.Input == draft.Input
            ? index
            : throw new CorruptObjectException(
                name, $"{draft.Key} from input {draft.Input}", $"{index.Key} from {index.Input}");
    }

    private static Dictionary<string, string> Describe(DeltaDraft draft) =>
        Describe(draft.Shard, draft.Key);

    /// <summary>What both objects of a delta carry as metadata.</summary>
    internal static Dictionary<string, string> Describe(ShardKey shard, DeltaKey key) =>
        new(StringComparer.Ordinal)
        {
            ["machine"] = shard.Machine,
            ["disk"] = shard.Disk,
            ["shard"] = $"{shard.Shard}",
            ["version"] = $"{key.To}",
            ["operation"] = $"{key.Operation}",
            ["kind"] = key.IsForward ? "forward" : "reverse",
        };
}
