namespace SnapshotFunctions.Engine.Disks.Blocks;

/// <summary>Says where each byte of a disk comes from that is kept in blocks of one size.</summary>
internal interface IBlockMap
{
    /// <summary>
    /// The run from a byte of the disk on, up to an end at most; it may stop earlier, so that one
    /// call reads a few pages of the file at most.
    /// </summary>
    /// <param name="guest">The first byte.</param>
    /// <param name="end">One past the last byte that is asked for; on the disk.</param>
    /// <param name="isExact">
    /// Whether parts of a stored block that were never written must be told from those that were.
    /// If not, they may count as data, which reads as zeros there.
    /// </param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="Model.InvalidImageException">A table of the file is damaged.</exception>
    ValueTask<BlockRun> RunAsync(
        long guest, long end, bool isExact, CancellationToken cancellation);
}
