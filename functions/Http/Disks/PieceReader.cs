using System.Buffers;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Http.Disks;

/// <summary>
/// Reads ranges of a disk piece by piece. Pieces end at multiples of one length, so that no block
/// is read twice within a range. While a piece is being sent the next one is read, as long as the
/// budget is not short: then each request holds one piece at most. Not thread-safe.
/// </summary>
internal sealed class PieceReader : IAsyncDisposable
{
    private readonly DiskView _view;
    private readonly ReadBudget _budget;
    private readonly IEnumerator<PiecePlace> _places;
    private readonly CancellationTokenSource _ending;
    private PiecePlace? _next;
    private Task<Piece?>? _ahead;

    /// <summary>A reader of ranges, in their order.</summary>
    public PieceReader(
        DiskView view, IReadOnlyList<ByteRange> ranges, ReadBudget budget, int pieceBytes,
        CancellationToken cancellation)
    {
        _view = view;
        _budget = budget;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var most = Math.Min(pieceBytes, budget.MostBytes) / view.Layout.BlockBytes;
        var length = Math.Max(1, most) * view.Layout.BlockBytes;
        _places = PlacesOf(ranges, length, view.Layout.ShardBytes).GetEnumerator();
        Step();
    }

    /// <summary>The next piece, for the caller to dispose of; null after the last.</summary>
    public async Task<Piece?> NextAsync()
    {
        if (_next is not { } place) return null;
        Piece? piece = null;
        if (_ahead is { } ahead)
        {
            _ahead = null;
            piece = await ahead;
        }
        piece ??= await ReadAsync(place, waits: true);
        Step();
        if (_next is { } next) _ahead = ReadAsync(next, waits: false);
        return piece;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_ahead is { } ahead)
        {
            // Whether it was read or not: nobody wants it any more.
            await ahead.ContinueWith(
                static read =>
                {
                    if (read.IsCompletedSuccessfully) read.Result?.Dispose();
                    else _ = read.Exception;
                },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
        _places.Dispose();
        _ending.Dispose();
    }

    /// <summary>How ranges are cut: at multiples of a length, and where shards end.</summary>
    internal static IEnumerable<PiecePlace> PlacesOf(
        IReadOnlyList<ByteRange> ranges, long pieceBytes, long shardBytes)
    {
        for (var part = 0; part < ranges.Count; part++)
        {
            var range = ranges[part];
            for (var at = range.Offset; at < range.End;)
            {
                var end = Math.Min(range.End, ((at / shardBytes) + 1) * shardBytes);
                end = Math.Min(end, ((at / pieceBytes) + 1) * pieceBytes);
                yield return new PiecePlace(part, new ByteRange(at, end), at == range.Offset);
                at = end;
            }
        }
    }

    private void Step() => _next = _places.MoveNext() ? _places.Current : null;

    /// <summary>Reads a piece; null when it was not to wait for the budget and had to.</summary>
    private async Task<Piece?> ReadAsync(PiecePlace place, bool waits)
    {
        var cancellation = _ending.Token;
        var block = _view.Layout.BlockBytes;
        var start = place.Range.Offset / block * block;
        var length = (int)((place.Range.End - start + block - 1) / block * block);
        if (await IsZeroAsync(start, length / block, cancellation)) return Piece.Zeros(place);
        var share = waits
            ? await _budget.TakeAsync(length, cancellation) : _budget.TryTakeSpare(length);
        if (share is null) return null;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            // Whole blocks straight into their place: the view needs no buffer of its own then.
            await _view.ReadAsync(start, buffer.AsMemory(0, length), cancellation);
            return Piece.Of(place, buffer, (int)(place.Range.Offset - start), share);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            share.Dispose();
            throw;
        }
    }

    /// <summary>Whether the hashes tell that some blocks are all zero; reads no data.</summary>
    private Task<bool> IsZeroAsync(long start, int blocks, CancellationToken cancellation)
    {
        var first = (int)(start % _view.Layout.ShardBytes / _view.Layout.BlockBytes);
        return _view.OnShardAsync(
            (int)(start / _view.Layout.ShardBytes),
            async shard =>
            {
                await shard.LoadAsync(Enumerable.Range(first, blocks), cancellation);
                for (var i = first; i < first + blocks; i++)
                    if (!shard.HashOf(i).IsZero) return false;
                return true;
            },
            cancellation);
    }
}
