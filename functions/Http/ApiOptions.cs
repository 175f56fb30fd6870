namespace SnapshotFunctions.Http;

/// <summary>Limits of the API; each is enforced in one place.</summary>
public sealed record ApiOptions
{
    /// <summary>How many bytes of disks are read at once, for all requests together.</summary>
    public long ReadBudgetBytes { get; init; } = 64 << 20;

    /// <summary>How many bytes of a disk are read before they are sent.</summary>
    public int PieceBytes { get; init; } = 1 << 20;

    /// <summary>How many views of disks are kept open.</summary>
    public int OpenViews { get; init; } = 16;

    /// <summary>
    /// How many layouts of disks as files of other formats are kept. One takes 2 MiB of memory for
    /// each TiB of the disk that holds anything, at most.
    /// </summary>
    public int OpenLayouts { get; init; } = 4;

    /// <summary>How long a view may serve without a look at whether its version still stands.</summary>
    public TimeSpan ViewFreshFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How slowly a client may take what is sent to it: one that takes a piece slower than this, and
    /// <see cref="SendGrace"/> longer, is cut off.
    /// </summary>
    public int SlowestBytesPerSecond { get; init; } = 32 << 10;

    /// <summary>How long a client may pause.</summary>
    public TimeSpan SendGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take over so many bytes.</summary>
    public TimeSpan TimeFor(int lengthBytes) =>
        SendGrace + TimeSpan.FromSeconds((double)lengthBytes / SlowestBytesPerSecond);

    /// <summary>How many ranges one request may name.</summary>
    public int MostRanges { get; init; } = 64;

    /// <summary>The most bytes that one request writes to a mount; they are held in memory.</summary>
    public int MostMountWriteBytes { get; init; } = 8 << 20;

    /// <summary>The longest page of a list.</summary>
    public int MostItems { get; init; } = 1000;
}
