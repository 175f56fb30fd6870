using System.Buffers;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Disks;

/// <summary>
/// A part of a range, read and about to be sent. Disposing of it gives its buffer and its share of
/// the budget back; one of zeros has neither.
/// </summary>
internal sealed class Piece : IDisposable
{
    private readonly BudgetShare? _share;
    private readonly int _skip;
    private byte[]? _buffer;

    private Piece(PiecePlace place, byte[]? buffer, int skip, BudgetShare? share) =>
        (Place, _buffer, _skip, _share) = (place, buffer, skip, share);

    /// <summary>Which bytes these are.</summary>
    public PiecePlace Place { get; }

    /// <summary>How many bytes.</summary>
    public int LengthBytes => (int)Place.Range.Length;

    /// <summary>Whether all of them are zero.</summary>
    public bool IsZero => _buffer is null;

    /// <summary>The bytes; only of a piece that is not all zero.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_skip, LengthBytes);

    /// <summary>A piece that holds nothing.</summary>
    public static Piece Zeros(PiecePlace place) => new(place, null, 0, null);

    /// <summary>A piece in a rented buffer.</summary>
    /// <param name="place">Which bytes.</param>
    /// <param name="buffer">From the shared pool.</param>
    /// <param name="skip">Where in it they begin.</param>
    /// <param name="share">The share of the budget that covers it.</param>
    public static Piece Of(PiecePlace place, byte[] buffer, int skip, BudgetShare share) =>
        new(place, buffer, skip, share);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        _share?.Dispose();
    }
}
