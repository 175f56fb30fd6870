namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>The sizes that an overlay is cut by, and how much of it is in memory.</summary>
internal sealed record OverlaySizes
{
    /// <summary>What is written as one: whole or not at all.</summary>
    public const int SectorBytes = 4096;

    /// <summary>Sectors that one page of the map describes.</summary>
    public const int PageSectors = 256;

    /// <summary>Bytes of the disk that one page describes.</summary>
    public const long PageSpanBytes = (long)SectorBytes * PageSectors;

    /// <summary>Records of a journal before its changes are written into the map.</summary>
    public int MostRecords { get; init; } = 64 << 10;

    /// <summary>Pages of the map that are changed in memory alone.</summary>
    public int MostDirtyPages { get; init; } = 2048;

    /// <summary>Other pages of the map that are kept in memory.</summary>
    public int MostCleanPages { get; init; } = 1024;

    /// <summary>Places of the data file that are kept for new sectors; the others give their space
    /// back.</summary>
    public int MostFreeSlots { get; init; } = 16 << 10;
}
