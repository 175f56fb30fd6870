namespace SnapshotFunctions.Engine.Model;

/// <summary>
/// The sizes that everything stored is cut by, in bytes. They are written into every stored
/// object, so that a store may hold machines of different layouts and tests may use small ones.
/// </summary>
/// <param name="SectorBytes">The unit of change; a power of two, 256 to 64 KiB.</param>
/// <param name="BlockBytes">The unit of hashing; 1 to 16 sectors.</param>
/// <param name="BlocksPerPage">Blocks that one index page describes; 1 to 4,096.</param>
/// <param name="SegmentBytes">Most bytes of frames in one blob block; at least one block.</param>
/// <param name="ShardBytes">The unit of work and of atomic commit; a whole number of pages.</param>
public sealed record Layout(
    int SectorBytes, int BlockBytes, int BlocksPerPage, int SegmentBytes, long ShardBytes)
{
    /// <summary>4 KiB sectors, 64 KiB blocks, 512 blocks a page, 8 MiB segments, 8 GiB shards.</summary>
    public static Layout Default { get; } = new(4096, 65536, 512, 8 << 20, 8L << 30);

    /// <summary>Sectors in a block: 1 to 16, so that a mask of them fits 16 bits.</summary>
    public int SectorsPerBlock => BlockBytes / SectorBytes;

    /// <summary>Blocks in a whole shard.</summary>
    public int BlocksPerShard => checked((int)(ShardBytes / BlockBytes));

    /// <summary>Index pages in a whole shard; at most 65,535.</summary>
    public int PagesPerShard => BlocksPerShard / BlocksPerPage;

    /// <summary>The mask with a bit for every sector of a block.</summary>
    public ushort FullMask => (ushort)((1 << SectorsPerBlock) - 1);

    /// <summary>Shards of a disk of this size; the last one may be short.</summary>
    public int ShardsOf(long diskBytes) => checked((int)((diskBytes + ShardBytes - 1) / ShardBytes));

    /// <summary>Bytes of a disk that lie in one of its shards; 0 for a shard past its end.</summary>
    public long ShardLength(long diskBytes, int shard) =>
        Math.Clamp(diskBytes - (shard * ShardBytes), 0, ShardBytes);

    /// <summary>This layout, once its sizes are known to fit each other.</summary>
    /// <exception cref="CorruptObjectException">A size is out of its range.</exception>
    public Layout Checked()
    {
        var fits = SectorBytes is >= 256 and <= 65536
            && (SectorBytes & (SectorBytes - 1)) == 0
            && BlockBytes >= SectorBytes
            && BlockBytes % SectorBytes == 0
            && BlockBytes / SectorBytes <= 16
            && (BlockBytes & (BlockBytes - 1)) == 0
            && BlocksPerPage is >= 1 and <= 4096
            && SegmentBytes >= BlockBytes && SegmentBytes <= 64 << 20
            && ShardBytes >= (long)BlockBytes * BlocksPerPage
            && ShardBytes % ((long)BlockBytes * BlocksPerPage) == 0
            && ShardBytes / BlockBytes <= 1 << 20
            && ShardBytes / BlockBytes / BlocksPerPage <= 65535;
        // The record's own text would compute the counts, which unchecked sizes can make overflow.
        return fits ? this : throw new CorruptObjectException(
            "layout", "sizes that divide each other (see docs/format.md)",
            $"{SectorBytes}, {BlockBytes}, {BlocksPerPage}, {SegmentBytes}, {ShardBytes}");
    }
}
