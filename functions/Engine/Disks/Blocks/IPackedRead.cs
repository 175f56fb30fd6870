namespace SnapshotFunctions.Engine.Disks.Blocks;

/// <summary>Reads compressed blocks for one request.</summary>
internal interface IPackedRead : IDisposable
{
    /// <summary>Fills the destination with a run's content.</summary>
    /// <param name="run">A part of one compressed block, or all of it.</param>
    /// <param name="end">Where on the disk the request ends: how much is worth fetching.</param>
    /// <param name="destination">As long as the run.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="Model.InvalidImageException">The block is damaged.</exception>
    ValueTask ReadAsync(
        BlockRun run, long end, Memory<byte> destination, CancellationToken cancellation);
}
