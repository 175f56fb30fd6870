using System.Buffers;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Blocks;

/// <summary>
/// The part of a file that one request reads small neighbours from: over a network a read of a few
/// bytes costs more than the bytes. Not thread-safe.
/// </summary>
internal sealed class FileWindow(IByteSource source) : IDisposable
{
    private byte[] _bytes = [];
    private long _offset;
    private long _end;

    /// <summary>
    /// The file from an offset on, as far as the window has it; until the next call.
    /// </summary>
    /// <param name="offset">Where in the file.</param>
    /// <param name="needed">The least that must be there; the file has that much.</param>
    /// <param name="wish">What is worth reading at once if anything must be read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async ValueTask<ReadOnlyMemory<byte>> FetchAsync(
        long offset, int needed, int wish, CancellationToken cancellation)
    {
        if (offset < _offset || offset + needed > _end)
            await LoadAsync(
                offset, (int)Math.Min(Math.Max(needed, wish), source.LengthBytes - offset),
                cancellation);
        return _bytes.AsMemory((int)(offset - _offset), (int)(_end - offset));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private async ValueTask LoadAsync(long offset, int length, CancellationToken cancellation)
    {
        if (_bytes.Length < length)
        {
            Dispose();
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }

        // Until the read is done the window holds nothing that may be used.
        (_offset, _end) = (0, 0);
        await source.ReadAsync(offset, _bytes.AsMemory(0, length), cancellation);
        (_offset, _end) = (offset, offset + length);
    }
}
