namespace SnapshotFunctions.Http.Disks;

/// <summary>What pieces are read from: a disk as it is, or a file of another format made of it.</summary>
internal interface IPieceSource
{
    /// <summary>Pieces are read from multiples of this, so that nothing is decoded twice.</summary>
    int UnitBytes { get; }

    /// <summary>No piece goes beyond a multiple of this.</summary>
    long ReachBytes { get; }

    /// <summary>How many bytes of memory a read of some bytes may hold.</summary>
    long HeldBytes(int length);

    /// <summary>Whether some units are known to be all zero; reads no data.</summary>
    Task<bool> IsZeroAsync(long start, int length, CancellationToken cancellation);

    /// <summary>Fills the destination; what lies beyond the end is zeros.</summary>
    Task ReadAsync(long start, Memory<byte> destination, CancellationToken cancellation);
}
