namespace SnapshotFunctions.Local.Store;

/// <summary>One open file: the little of it that the folder store needs, by position.</summary>
internal interface IFile : IDisposable
{
    /// <summary>Its length now.</summary>
    long LengthBytes { get; }

    /// <summary>Fills as much of the destination as there is; short only at the end.</summary>
    int Read(long offset, Span<byte> destination);

    /// <summary>Writes all of it; nothing is durable before <see cref="Sync"/>.</summary>
    void Write(long offset, ReadOnlySpan<byte> content);

    /// <summary>Makes every byte written to this file durable, through whichever handle.</summary>
    void Sync();

    /// <summary>Gives the space of a range back; it reads as zeros, or as before where that
    /// cannot be done.</summary>
    void PunchHole(long offset, long lengthBytes);
}
