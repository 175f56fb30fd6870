using SnapshotFunctions.Engine.Disks.Exports;

namespace SnapshotFunctions.Http.Disks;

/// <summary>Pieces of a disk as a file of another format.</summary>
internal sealed class LayoutPieces(IExportLayout layout, int blockBytes) : IPieceSource
{
    /// <inheritdoc/>
    /// <remarks>In most formats blocks of the file begin where blocks of the disk do.</remarks>
    public int UnitBytes => blockBytes;

    /// <inheritdoc/>
    public long ReachBytes => long.MaxValue / blockBytes * blockBytes;

    /// <inheritdoc/>
    /// <remarks>Where they do not, the view reads whole blocks into a buffer of its own.</remarks>
    public long HeldBytes(int length) => (2L * length) + (2L * blockBytes);

    /// <inheritdoc/>
    public Task<bool> IsZeroAsync(long start, int length, CancellationToken cancellation) =>
        Task.FromResult(layout.NextData(start) is not { } data || data.Offset >= start + length);

    /// <inheritdoc/>
    public async Task ReadAsync(
        long start, Memory<byte> destination, CancellationToken cancellation)
    {
        var length = (int)Math.Min(destination.Length, layout.LengthBytes - start);
        await layout.ReadAsync(start, destination[..length], cancellation);
        destination.Span[length..].Clear();
    }
}
