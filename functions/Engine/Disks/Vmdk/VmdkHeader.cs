namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>What reading needs of a sparse extent's header.</summary>
/// <param name="SizeBytes">What the extent holds of the disk.</param>
/// <param name="GrainBits">The size of a grain, as a power of two.</param>
/// <param name="TableEntries">Grains that one grain table maps.</param>
/// <param name="DirectoryOffset">Where the grain directory lies.</param>
/// <param name="Descriptor">Where the descriptor lies in the file; of length 0 where not.</param>
/// <param name="IsCompressed">Whether grains are compressed, each behind its marker.</param>
/// <param name="HasZeroGrains">Whether the entry 1 stands for a grain of zeros.</param>
/// <param name="IsUnclean">Whether its writer did not close it.</param>
internal sealed record VmdkHeader(
    long SizeBytes, int GrainBits, int TableEntries, long DirectoryOffset,
    Model.ByteRange Descriptor, bool IsCompressed, bool HasZeroGrains, bool IsUnclean)
{
    /// <summary>The sector that every number of a VMDK counts in.</summary>
    public const int SectorBytes = 512;

    /// <summary>The bytes of a header.</summary>
    public const int LengthBytes = 512;

    /// <summary>The bytes of a grain.</summary>
    public int GrainBytes => 1 << GrainBits;

    /// <summary>Grains of the extent, the last one counted whole.</summary>
    public long Grains => (SizeBytes + GrainBytes - 1) >> GrainBits;

    /// <summary>Entries of the grain directory.</summary>
    public long Tables => (Grains + TableEntries - 1) / TableEntries;
}
