using System.Buffers.Binary;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <content>
/// Tables in place and tables in objects. An object begins with a header: "SFtb", the format (u16),
/// the length of an entry (u16), how many entries (i32) and the revision of the head it was written
/// for (i64); so a table that comes back to an earlier content never gets the earlier name, which
/// may be about to be swept.
/// </content>
public static partial class ShardTables
{
    /// <summary>The length of the header of a table in an object.</summary>
    public const int HeaderBytes = 20;

    private const ushort Format = 1;
    private const int MostBytes = HeaderBytes + ((ShardRanges.MaxShard + 1) * EdgeBytes);

    /// <summary>Makes a reference to edges, writing an object when they are many.</summary>
    /// <param name="store">The base placement.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="edges">The edges, sorted by shard.</param>
    /// <param name="inlineEntries">The most that are kept in place.</param>
    /// <param name="revision">The revision of the head that will list the table.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static Task<TableReference> SaveAsync(
        IObjectStore store, string machine, IReadOnlyList<ShardEdge> edges, int inlineEntries,
        long revision, CancellationToken cancellation = default) =>
        SavePackedAsync(
            store, machine, Pack(edges), EdgeBytes, inlineEntries, revision, cancellation);

    /// <summary>Makes a reference to nodes, writing an object when they are many.</summary>
    /// <param name="store">The base placement.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="nodes">The nodes, sorted by shard.</param>
    /// <param name="inlineEntries">The most that are kept in place.</param>
    /// <param name="revision">The revision of the head that will list the table.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static Task<TableReference> SaveAsync(
        IObjectStore store, string machine, IReadOnlyList<ShardNode> nodes, int inlineEntries,
        long revision, CancellationToken cancellation = default) =>
        SavePackedAsync(
            store, machine, Pack(nodes), NodeBytes, inlineEntries, revision, cancellation);

    /// <summary>Reads the edges of a table.</summary>
    /// <exception cref="CorruptObjectException">They are not what was packed.</exception>
    public static async Task<IReadOnlyList<ShardEdge>> LoadEdgesAsync(
        IObjectStore store, string machine, TableReference table,
        CancellationToken cancellation = default)
    {
        if (table.Object is not { } hash)
            return UnpackEdges(InlineBytes(table, EdgeBytes, machine), table.Count, machine);
        var bytes = await ReadAsync(store, machine, hash, table.Count, EdgeBytes, cancellation);
        return UnpackEdges(
            bytes.AsSpan(HeaderBytes), table.Count, ObjectNames.ShardTable(machine, hash));
    }

    /// <summary>Reads the nodes of a table.</summary>
    /// <exception cref="CorruptObjectException">They are not what was packed.</exception>
    public static async Task<IReadOnlyList<ShardNode>> LoadNodesAsync(
        IObjectStore store, string machine, TableReference table,
        CancellationToken cancellation = default)
    {
        if (table.Object is not { } hash)
            return UnpackNodes(InlineBytes(table, NodeBytes, machine), table.Count, machine);
        var bytes = await ReadAsync(store, machine, hash, table.Count, NodeBytes, cancellation);
        return UnpackNodes(
            bytes.AsSpan(HeaderBytes), table.Count, ObjectNames.ShardTable(machine, hash));
    }

    /// <summary>The packed entries of a table that is in place.</summary>
    /// <exception cref="CorruptObjectException">The text is damaged or of another length.</exception>
    internal static byte[] InlineBytes(TableReference table, int entryBytes, string where)
    {
        if (table.Count == 0 && table.Inline is null) return [];
        var bytes = new byte[ManifestOptions.MaxInlineEntries * EdgeBytes];
        if (table.Count is > 0 and <= ManifestOptions.MaxInlineEntries
            && Convert.TryFromBase64String(table.Inline ?? string.Empty, bytes, out var length)
            && length == table.Count * entryBytes)
        {
            return bytes[..length];
        }
        throw new CorruptObjectException(
            where,
            $"{table.Count} entries of {entryBytes} bytes in base 64",
            table.Inline is null ? "none" : $"{table.Inline.Length} characters");
    }

    /// <summary>The edge of one shard in a table that is in place; nothing else is unpacked.</summary>
    internal static ShardEdge? FindInline(TableReference table, int shard, string where)
    {
        var bytes = InlineBytes(table, EdgeBytes, where);
        var (low, high) = (0, table.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var entry = bytes.AsSpan(middle * EdgeBytes, EdgeBytes);
            var found = BinaryPrimitives.ReadInt32LittleEndian(entry);
            if (found == shard) return UnpackEdges(entry, 1, where)[0];
            if (found < shard) low = middle + 1;
            else high = middle - 1;
        }
        return null;
    }

    private static async Task<TableReference> SavePackedAsync(
        IObjectStore store, string machine, byte[] packed, int entryBytes, int inlineEntries,
        long revision, CancellationToken cancellation)
    {
        var count = packed.Length / entryBytes;
        if (count == 0) return TableReference.Empty;
        if (count <= inlineEntries)
            return new TableReference { Count = count, Inline = Convert.ToBase64String(packed) };
        var bytes = new byte[HeaderBytes + packed.Length];
        WriteHeader(bytes, entryBytes, count, revision);
        packed.CopyTo(bytes.AsSpan(HeaderBytes));
        var hash = Hash256.Of(bytes);
        await PutOnceAsync(store, ObjectNames.ShardTable(machine, hash), bytes, cancellation);
        return new TableReference { Count = count, Object = hash };
    }

    /// <summary>Writes an object that is named by its bytes; one that is there is the same.</summary>
    internal static async Task PutOnceAsync(
        IObjectStore store, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await store.PutAsync(name, bytes, WriteOptions.Create(), cancellation);
        }
        catch (OvertakenException)
        {
            // The same bytes lie there already: from this writer's lost answer or a twin's.
        }
    }

    private static void WriteHeader(Span<byte> at, int entryBytes, int count, long revision)
    {
        "SFtb"u8.CopyTo(at);
        BinaryPrimitives.WriteUInt16LittleEndian(at[4..], Format);
        BinaryPrimitives.WriteUInt16LittleEndian(at[6..], (ushort)entryBytes);
        BinaryPrimitives.WriteInt32LittleEndian(at[8..], count);
        BinaryPrimitives.WriteInt64LittleEndian(at[12..], revision);
    }

    private static async Task<byte[]> ReadAsync(
        IObjectStore store, string machine, Hash256 hash, int count, int entryBytes,
        CancellationToken cancellation)
    {
        var name = ObjectNames.ShardTable(machine, hash);
        var (bytes, _) = await store.ReadWholeAsync(name, MostBytes, cancellation);
        var found = Hash256.Of(bytes);
        if (found != hash) throw new CorruptObjectException(name, $"bytes of hash {hash}", $"{found}");
        var expected = new byte[HeaderBytes];
        WriteHeader(expected, entryBytes, count, 0);
        if (bytes.Length < HeaderBytes || !bytes.AsSpan(0, 12).SequenceEqual(expected.AsSpan(0, 12)))
        {
            throw new CorruptObjectException(
                name,
                $"a table of format {Format} with {count} entries of {entryBytes} bytes",
                $"{bytes.Length} bytes that begin otherwise");
        }
        return bytes;
    }
}
