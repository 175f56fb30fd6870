using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Http.Disks;

namespace SnapshotFunctions.Http.Mounts;

/// <summary>Pieces of a disk of a mount: what was written, over the version.</summary>
internal sealed class MountPieces(MountedView mounted) : IPieceSource
{
    private readonly ViewPieces _below = new(mounted.View);

    /// <inheritdoc/>
    public int UnitBytes => _below.UnitBytes;

    /// <inheritdoc/>
    public long ReachBytes => _below.ReachBytes;

    /// <inheritdoc/>
    /// <remarks>One chunk is decoded at a time, beside its stored form.</remarks>
    public long HeldBytes(int length) => length + (2 * mounted.ChunkBytes);

    /// <inheritdoc/>
    public async Task<bool> IsZeroAsync(long start, int length, CancellationToken cancellation) =>
        !await mounted.MayHoldAsync(new ByteRange(start, start + length), cancellation)
        && await _below.IsZeroAsync(start, length, cancellation);

    /// <inheritdoc/>
    public Task ReadAsync(long start, Memory<byte> destination, CancellationToken cancellation) =>
        mounted.ReadAsync(start, destination, cancellation);
}
