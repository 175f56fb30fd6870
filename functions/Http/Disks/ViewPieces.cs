using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Http.Disks;

/// <summary>Pieces of a disk as it is.</summary>
internal sealed class ViewPieces(DiskView view) : IPieceSource
{
    /// <inheritdoc/>
    public int UnitBytes => view.Layout.BlockBytes;

    /// <inheritdoc/>
    public long ReachBytes => view.Layout.ShardBytes;

    /// <inheritdoc/>
    /// <remarks>Whole blocks go straight into their place: the view needs no buffer then.</remarks>
    public long HeldBytes(int length) => length;

    /// <inheritdoc/>
    public Task<bool> IsZeroAsync(long start, int length, CancellationToken cancellation)
    {
        var first = (int)(start % view.Layout.ShardBytes / view.Layout.BlockBytes);
        var blocks = length / view.Layout.BlockBytes;
        return view.OnShardAsync(
            (int)(start / view.Layout.ShardBytes),
            async shard =>
            {
                await shard.LoadAsync(Enumerable.Range(first, blocks), cancellation);
                for (var i = first; i < first + blocks; i++)
                    if (!shard.HashOf(i).IsZero) return false;
                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task ReadAsync(long start, Memory<byte> destination, CancellationToken cancellation) =>
        view.ReadAsync(start, destination, cancellation);
}
