using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>A disk of a clone as it began.</summary>
/// <param name="Name">Its name in the clone.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Nodes">Its shards that are not all zero, packed, in base 64.</param>
public sealed record OriginShards(string Name, long SizeBytes, string Nodes)
{
    /// <summary>Packs nodes.</summary>
    public static OriginShards Of(string name, long sizeBytes, IReadOnlyList<ShardNode> nodes) =>
        new(name, sizeBytes, Convert.ToBase64String(ShardTables.Pack(nodes)));

    /// <summary>Reads the nodes.</summary>
    /// <exception cref="CorruptObjectException">They are damaged.</exception>
    public IReadOnlyList<ShardNode> Unpack(string where)
    {
        try
        {
            var bytes = Convert.FromBase64String(Nodes);
            return ShardTables.UnpackNodes(bytes, bytes.Length / ShardTables.NodeBytes, where);
        }
        catch (FormatException error)
        {
            throw new CorruptObjectException(
                where, "nodes in base 64", error.Message, error);
        }
    }
}
