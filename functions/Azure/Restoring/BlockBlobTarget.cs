using System.Buffers.Binary;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore.Restoring;

/// <summary>
/// A target that is only appended to: a block blob, staged in blocks and committed by a flush. A run
/// that begins anew stages the same blocks again.
/// </summary>
internal sealed class BlockBlobTarget(
    BlockBlobClient blob, RestoreTargetRequest request, string identity, long lengthBytes,
    BlobErrors errors) : IRestoreTarget
{
    /// <summary>50,000 of them hold 1.5 TiB, the most that a file of such a format may come to.</summary>
    private const int BlockBytes = 32 << 20;

    private readonly List<string> _blocks = [];
    private byte[]? _buffer;
    private int _filled;
    private long _length = lengthBytes;
    private long _next;

    /// <inheritdoc/>
    public long LengthBytes => Math.Max(_length, _next);

    /// <inheritdoc/>
    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default) =>
        throw new NotSupportedException("A target that is appended to is not read.");

    /// <inheritdoc/>
    public ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default) =>
        throw new NotSupportedException("A target that is appended to is not read.");

    /// <inheritdoc/>
    public ValueTask ZeroAsync(
        long offset, long lengthBytes, CancellationToken cancellation = default) =>
        throw new NotSupportedException("A target that is appended to is written to alone.");

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        if (offset != _next)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"It is written in one row; next comes byte {_next}.");
        }
        _buffer ??= new byte[BlockBytes];
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, BlockBytes - _filled);
            bytes[..count].CopyTo(_buffer.AsMemory(_filled));
            bytes = bytes[count..];
            _filled += count;
            _next += count;
            if (_filled == BlockBytes) await StageAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellation = default)
    {
        if (_filled > 0) await StageAsync(cancellation);
        await TranslatedAsync(
            async () =>
            {
                await blob.CommitBlockListAsync(
                    _blocks,
                    new CommitBlockListOptions { Metadata = BlobTargetMarks.Of(identity, _next) },
                    cancellation);
                _length = _next;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task StageAsync(CancellationToken cancellation)
    {
        // The last block may be staged again when more follows a flush; then it is another one.
        var place = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(place, _next);
        BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(8), _blocks.Count);
        var id = Convert.ToBase64String(
            [.. Encoding.ASCII.GetBytes(identity), .. place]);
        await TranslatedAsync(
            async () =>
            {
                using var content = new MemoryStream(_buffer!, 0, _filled, writable: false);
                await blob.StageBlockAsync(id, content, cancellationToken: cancellation);
            },
            cancellation);
        _blocks.Add(id);
        _filled = 0;
    }

    private Task TranslatedAsync(Func<Task> action, CancellationToken cancellation) =>
        TargetErrors.RunAsync(errors, request, action, cancellation);
}
