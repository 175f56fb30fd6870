using System.Buffers;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Disks;

/// <summary>
/// Reads ranges of a disk piece by piece. Pieces end at multiples of one length, so that no block
/// is read twice within a range. While a piece is being sent the next one is read, as long as the
/// budget is not short: then each request holds one piece at most. Not thread-safe.
/// </summary>
internal sealed class PieceReader : IAsyncDisposable
{
    private readonly IPieceSource _source;
    private readonly ReadBudget _budget;
    private readonly IEnumerator<PiecePlace> _places;
    private readonly CancellationTokenSource _ending;
    private PiecePlace? _next;
    private Task<Piece?>? _ahead;

    /// <summary>A reader of ranges, in their order.</summary>
    public PieceReader(
        IPieceSource source, IReadOnlyList<ByteRange> ranges, ReadBudget budget, int pieceBytes,
        CancellationToken cancellation)
    {
        _source = source;
        _budget = budget;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var most = Math.Min(pieceBytes, budget.MostBytes) / source.UnitBytes;
        var length = Math.Max(1, most) * source.UnitBytes;
        _places = PlacesOf(ranges, length, source.ReachBytes).GetEnumerator();
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
        var block = _source.UnitBytes;
        var start = place.Range.Offset / block * block;
        var length = (int)((place.Range.End - start + block - 1) / block * block);
        if (await _source.IsZeroAsync(start, length, cancellation)) return Piece.Zeros(place);
        var held = _source.HeldBytes(length);
        var share = waits
            ? await _budget.TakeAsync(held, cancellation) : _budget.TryTakeSpare(held);
        if (share is null) return null;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await _source.ReadAsync(start, buffer.AsMemory(0, length), cancellation);
            return Piece.Of(place, buffer, (int)(place.Range.Offset - start), share);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            share.Dispose();
            throw;
        }
    }
}
