namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>What a VHDX says of its disk, once it was checked.</summary>
/// <param name="SizeBytes">The disk's size.</param>
/// <param name="BlockBits">The block size's power of two: 20 to 28.</param>
/// <param name="SectorBytes">The logical sector: 512 or 4096 bytes.</param>
/// <param name="PhysicalBytes">The physical sector.</param>
/// <param name="HasParent">Whether it leaves blocks to a parent.</param>
/// <param name="KeepsBlocks">Whether it is fixed: its blocks stay where they are.</param>
/// <param name="DiskId">The virtual disk's identifier; all of a chain have the same.</param>
/// <param name="ParentIds">What the parent's data identifier must be, any one of these.</param>
/// <param name="ParentName">The parent's path; null where there is none.</param>
internal sealed record VhdxMetadata(
    long SizeBytes, int BlockBits, int SectorBytes, int PhysicalBytes, bool HasParent,
    bool KeepsBlocks, Guid DiskId, IReadOnlyList<string> ParentIds, string? ParentName)
{
    /// <summary>Bytes of disk in a block.</summary>
    public long BlockBytes => 1L << BlockBits;

    /// <summary>Blocks for which there is one bitmap, and one entry of it in the table.</summary>
    public long ChunkBlocks => ((long)SectorBytes << 23) >> BlockBits;

    /// <summary>Blocks of the disk.</summary>
    public long Blocks => (SizeBytes + BlockBytes - 1) >> BlockBits;

    /// <summary>Entries that the block allocation table must have.</summary>
    public long TableEntries
    {
        get
        {
            var chunks = (Blocks + ChunkBlocks - 1) / ChunkBlocks;
            return HasParent
                ? chunks * (ChunkBlocks + 1)
                : Blocks == 0 ? 0 : Blocks + ((Blocks - 1) / ChunkBlocks);
        }
    }
}
