using System.Buffers.Binary;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// Packs the tables of a manifest: entries of one length, little endian, sorted by shard, none
/// twice. The same entries always give the same bytes, so that a table is named by its hash.
/// </summary>
public static partial class ShardTables
{
    /// <summary>The length of a packed <see cref="ShardEdge"/>.</summary>
    public const int EdgeBytes = 24 + Hash256.Size;

    /// <summary>The length of a packed <see cref="ShardNode"/>.</summary>
    public const int NodeBytes = 4 + Hash256.Size;

    /// <summary>Packs edges.</summary>
    /// <exception cref="ArgumentException">They are not sorted by shard, or one comes twice.</exception>
    public static byte[] Pack(IReadOnlyList<ShardEdge> edges)
    {
        var bytes = new byte[edges.Count * EdgeBytes];
        var before = -1;
        for (var i = 0; i < edges.Count; i++)
        {
            var edge = edges[i];
            before = Rising(before, edge.Shard);
            var at = bytes.AsSpan(i * EdgeBytes, EdgeBytes);
            BinaryPrimitives.WriteInt32LittleEndian(at, edge.Shard);
            BinaryPrimitives.WriteInt32LittleEndian(at[4..], edge.Previous);
            BinaryPrimitives.WriteInt64LittleEndian(at[8..], edge.ForwardOperation);
            BinaryPrimitives.WriteInt64LittleEndian(at[16..], edge.ReverseOperation);
            edge.Node.CopyTo(at[24..]);
        }
        return bytes;
    }

    /// <summary>Packs nodes.</summary>
    /// <exception cref="ArgumentException">They are not sorted by shard, or one comes twice.</exception>
    public static byte[] Pack(IReadOnlyList<ShardNode> nodes)
    {
        var bytes = new byte[nodes.Count * NodeBytes];
        var before = -1;
        for (var i = 0; i < nodes.Count; i++)
        {
            before = Rising(before, nodes[i].Shard);
            var at = bytes.AsSpan(i * NodeBytes, NodeBytes);
            BinaryPrimitives.WriteInt32LittleEndian(at, nodes[i].Shard);
            nodes[i].Node.CopyTo(at[4..]);
        }
        return bytes;
    }

    /// <summary>Reads packed edges.</summary>
    /// <param name="bytes">What was packed.</param>
    /// <param name="count">How many there must be.</param>
    /// <param name="where">The object that holds them, for the error.</param>
    /// <exception cref="CorruptObjectException">The length or the order is wrong.</exception>
    public static IReadOnlyList<ShardEdge> UnpackEdges(
        ReadOnlySpan<byte> bytes, int count, string where)
    {
        CheckLength(bytes.Length, count, EdgeBytes, where);
        var edges = new ShardEdge[count];
        var before = -1;
        for (var i = 0; i < count; i++)
        {
            var at = bytes.Slice(i * EdgeBytes, EdgeBytes);
            edges[i] = new ShardEdge(
                BinaryPrimitives.ReadInt32LittleEndian(at),
                BinaryPrimitives.ReadInt32LittleEndian(at[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(at[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(at[16..]),
                new Hash256(at[24..]));
            before = CheckOrder(before, edges[i].Shard, where);
            if (edges[i] is { Previous: < 0 } or { ForwardOperation: < 0 } or { ReverseOperation: < 0 })
                throw new CorruptObjectException(where, "numbers from 0 up", edges[i].ToString());
        }
        return edges;
    }

    /// <summary>Reads packed nodes.</summary>
    /// <param name="bytes">What was packed.</param>
    /// <param name="count">How many there must be.</param>
    /// <param name="where">The object that holds them, for the error.</param>
    /// <exception cref="CorruptObjectException">The length or the order is wrong.</exception>
    public static IReadOnlyList<ShardNode> UnpackNodes(
        ReadOnlySpan<byte> bytes, int count, string where)
    {
        CheckLength(bytes.Length, count, NodeBytes, where);
        var nodes = new ShardNode[count];
        var before = -1;
        for (var i = 0; i < count; i++)
        {
            var at = bytes.Slice(i * NodeBytes, NodeBytes);
            nodes[i] = new ShardNode(
                BinaryPrimitives.ReadInt32LittleEndian(at), new Hash256(at[4..]));
            before = CheckOrder(before, nodes[i].Shard, where);
        }
        return nodes;
    }

    private static int Rising(int before, int shard) => shard > before && shard <= ShardRanges.MaxShard
        ? shard
        : throw new ArgumentException($"Shard {shard} follows shard {before} in a sorted table.");

    private static void CheckLength(int found, int count, int entryBytes, string where)
    {
        if (count < 0 || found != (long)count * entryBytes)
        {
            throw new CorruptObjectException(
                where, $"{count} entries of {entryBytes} bytes", $"{found} bytes");
        }
    }

    private static int CheckOrder(int before, int shard, string where) =>
        shard > before && shard <= ShardRanges.MaxShard
            ? shard
            : throw new CorruptObjectException(
                where, $"a shard above {before}, at most {ShardRanges.MaxShard}", $"shard {shard}");
}
