using System.Buffers.Binary;

namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>
/// Where everything lies in an image that is being written: the header, then for each L2 table its
/// data clusters and itself, then the L1 table, the refcount blocks and the refcount table. All is
/// known from two counts, so that the file can be written from its first byte to its last.
/// </summary>
/// <param name="SizeBytes">The virtual disk's size, a multiple of 512.</param>
/// <param name="DataClusters">Data clusters in all.</param>
/// <param name="Tables">L2 tables in all.</param>
internal sealed record Qcow2Layout(long SizeBytes, long DataClusters, long Tables)
{
    /// <summary>
    /// The cluster size's power of two: 64 KiB, what every tool takes as the default.
    /// </summary>
    public const int ClusterBits = 16;

    /// <summary>The cluster size.</summary>
    public const int ClusterBytes = 1 << ClusterBits;

    /// <summary>Bytes of disk that one L2 table maps.</summary>
    public const long TableReachBytes = (long)ClusterBytes * (ClusterBytes / 8);

    private const int RefcountsPerBlock = ClusterBytes / 2;
    private const int HeaderBytes = 104;

    /// <summary>Entries of the L1 table; one at least, since a table of none is no table.</summary>
    public int L1Entries =>
        (int)Math.Max(1, (SizeBytes + TableReachBytes - 1) / TableReachBytes);

    /// <summary>Where the L1 table begins.</summary>
    public long L1Offset => (1 + DataClusters + Tables) << ClusterBits;

    /// <summary>Clusters that the L1 table takes.</summary>
    public long L1Clusters => ((L1Entries * 8L) + ClusterBytes - 1) >> ClusterBits;

    /// <summary>Where the refcount blocks begin.</summary>
    public long RefcountBlocksOffset => L1Offset + (L1Clusters << ClusterBits);

    /// <summary>Refcount blocks in all.</summary>
    public long RefcountBlocks => Refcounts().Blocks;

    /// <summary>Where the refcount table begins.</summary>
    public long RefcountTableOffset => RefcountBlocksOffset + (RefcountBlocks << ClusterBits);

    /// <summary>Clusters that the refcount table takes.</summary>
    public long RefcountTableClusters => Refcounts().TableClusters;

    /// <summary>Clusters of the whole file, each used exactly once.</summary>
    public long Clusters =>
        (RefcountTableOffset >> ClusterBits) + RefcountTableClusters;

    /// <summary>Writes the header's fields into a cluster of zeros.</summary>
    public void WriteHeader(Span<byte> cluster)
    {
        BinaryPrimitives.WriteUInt32BigEndian(cluster, 0x514649FB);
        BinaryPrimitives.WriteUInt32BigEndian(cluster[4..], 3);
        BinaryPrimitives.WriteUInt32BigEndian(cluster[20..], ClusterBits);
        BinaryPrimitives.WriteInt64BigEndian(cluster[24..], SizeBytes);
        BinaryPrimitives.WriteInt32BigEndian(cluster[36..], L1Entries);
        BinaryPrimitives.WriteInt64BigEndian(cluster[40..], L1Offset);
        BinaryPrimitives.WriteInt64BigEndian(cluster[48..], RefcountTableOffset);
        BinaryPrimitives.WriteInt32BigEndian(cluster[56..], (int)RefcountTableClusters);
        BinaryPrimitives.WriteInt32BigEndian(cluster[96..], 4);
        BinaryPrimitives.WriteInt32BigEndian(cluster[100..], HeaderBytes);
    }

    /// <summary>Writes one refcount block: every cluster of the file is used once.</summary>
    public void WriteRefcountBlock(Span<byte> cluster, long block)
    {
        cluster.Clear();
        var used = (int)Math.Min(RefcountsPerBlock, Clusters - (block * RefcountsPerBlock));
        for (var i = 0; i < used; i++)
            cluster[(i * 2) + 1] = 1;
    }

    private (long Blocks, long TableClusters) Refcounts()
    {
        // Blocks and table count themselves too, so their number is found step by step.
        var others = 1 + DataClusters + Tables + L1Clusters;
        var (blocks, table) = (1L, 1L);
        while (true)
        {
            var total = others + blocks + table;
            var needed = (total + RefcountsPerBlock - 1) / RefcountsPerBlock;
            var neededTable = ((needed * 8) + ClusterBytes - 1) >> ClusterBits;
            if (needed <= blocks && neededTable <= table)
                return (blocks, table);
            (blocks, table) = (Math.Max(blocks, needed), Math.Max(table, neededTable));
        }
    }
}
