namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>What reading needs of a qcow2 header, once it has been checked.</summary>
internal sealed record Qcow2Header
{
    /// <summary>2 or 3.</summary>
    public required int Version { get; init; }

    /// <summary>The cluster size's power of two: 9 to 21.</summary>
    public required int ClusterBits { get; init; }

    /// <summary>The virtual disk's size.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Where the active L1 table lies; wholly inside the file.</summary>
    public required long L1Offset { get; init; }

    /// <summary>Whether L2 entries are 16 bytes long and describe 32 subclusters each.</summary>
    public required bool HasSubclusters { get; init; }

    /// <summary>How compressed clusters are compressed.</summary>
    public required Qcow2Compression Compression { get; init; }

    /// <summary>The backing file's name; null when there is none.</summary>
    public required string? BackingName { get; init; }

    /// <summary>The size of a cluster.</summary>
    public int ClusterBytes => 1 << ClusterBits;

    /// <summary>The power of two of an L2 entry's size.</summary>
    public int EntryBits => HasSubclusters ? 4 : 3;

    /// <summary>The power of two of the bytes of disk that one L2 table maps.</summary>
    public int TableReachBits => ClusterBits + ClusterBits - EntryBits;
}
