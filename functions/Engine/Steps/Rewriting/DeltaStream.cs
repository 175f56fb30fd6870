using System.Buffers;
using System.Security.Cryptography;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Rewriting;

/// <summary>
/// Reads the data of one delta from its first byte to its last, once, and proves its SHA-256.
/// Frames are asked for in the order in which they lie there, and each is decoded once.
/// </summary>
/// <param name="source">The object that holds the data.</param>
/// <param name="start">Where the data begins in it.</param>
/// <param name="dataBytes">How long the data is.</param>
/// <param name="dataHash">The SHA-256 of it that the index records.</param>
/// <param name="layout">The sizes.</param>
/// <param name="bufferBytes">How much is read at a time.</param>
internal sealed class DeltaStream(
    StoredObject source, long start, long dataBytes, Hash256 dataHash, Layout layout,
    int bufferBytes) : IDisposable
{
    private readonly IncrementalHash _hash =
        IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly int _most = (int)Math.Clamp(
        dataBytes, 1, Math.Max(bufferBytes, 2 * Frames.MostStoredBytes(layout.BlockBytes)));
    private readonly IPlannedReads? _planned = source.Store as IPlannedReads;
    private byte[]? _buffer;
    private byte[]? _decoded;
    private long _first;
    private int _held;
    private long _frame = -1;
    private int _frameBytes;

    /// <summary>
    /// The decoded bytes of a frame; those of the one before are no longer good. None where the
    /// work is only planned.
    /// </summary>
    /// <exception cref="CorruptObjectException">
    /// It lies before one that was asked for, or beyond the data.
    /// </exception>
    public async ValueTask<ReadOnlyMemory<byte>> FrameAsync(
        DeltaFrame frame, CancellationToken cancellation)
    {
        if (frame.Offset == _frame) return _decoded.AsMemory(0, _frameBytes);
        var end = frame.Offset + frame.StoredBytes;
        if (frame.Offset < _first || end > dataBytes || frame.StoredBytes > _most)
            throw new CorruptObjectException(
                source.Name, $"a frame from {_first} on within {dataBytes} bytes", $"{frame}");
        while (_first + _held < end) await ReadAsync(frame.Offset, cancellation);
        if (_planned is not null) return ReadOnlyMemory<byte>.Empty;
        _decoded ??= ArrayPool<byte>.Shared.Rent(layout.BlockBytes);
        _frameBytes = frame.Sectors * layout.SectorBytes;
        Frames.Decode(
            frame.Codec, _buffer.AsSpan((int)(frame.Offset - _first), frame.StoredBytes),
            _decoded.AsSpan(0, _frameBytes), source.Name);
        _frame = frame.Offset;
        return _decoded.AsMemory(0, _frameBytes);
    }

    /// <summary>Reads what is left and proves the whole.</summary>
    /// <exception cref="CorruptObjectException">The bytes are others.</exception>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        while (_first + _held < dataBytes) await ReadAsync(_first + _held, cancellation);
        if (_planned is not null) return;
        var found = new Hash256(_hash.GetHashAndReset());
        if (found != dataHash)
            throw new CorruptObjectException(
                source.Name, $"frames of SHA-256 {dataHash}", $"{found}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hash.Dispose();
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        if (_decoded is not null) ArrayPool<byte>.Shared.Return(_decoded);
        (_buffer, _decoded) = (null, null);
    }

    /// <summary>Lets go what lies before an offset and fills the buffer.</summary>
    private async ValueTask ReadAsync(long keepFrom, CancellationToken cancellation)
    {
        var gone = (int)Math.Clamp(keepFrom - _first, 0, _held);
        var next = _first + _held;
        var length = (int)Math.Min(_most - _held + gone, dataBytes - next);
        if (_planned is not null)
        {
            await _planned.PlanReadAsync(source.Name, start + next, length, cancellation);
            _first += gone;
            _held += length - gone;
            return;
        }
        _buffer ??= ArrayPool<byte>.Shared.Rent(_most);
        _buffer.AsSpan(gone, _held - gone).CopyTo(_buffer);
        _first += gone;
        _held -= gone;
        var target = _buffer.AsMemory(_held, length);
        await source.Store.ReadAsync(
            source.Name, start + next, target, source.ETag, cancellation);
        _hash.AppendData(target.Span);
        _held += length;
    }
}
