using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// Stages the blocks of one object, some side by side and beside whoever makes them. A segment's
/// hash, which its block is named by, is made on the way.
/// </summary>
internal sealed class BlockStaging(IObjectStore store, string objectName) : IAsyncDisposable
{
    /// <summary>Blocks on their way at once; each is as long as a segment at most.</summary>
    private const int AtOnce = 4;

    private readonly PartStaging _staging = new(AtOnce);
    private readonly Dictionary<int, Hash256> _hashes = [];

    /// <summary>Bytes given so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Stages bytes; waits while too many blocks are on their way.</summary>
    public async ValueTask AddAsync(string id, byte[] bytes, CancellationToken cancellation)
    {
        Bytes += bytes.Length;
        await _staging.AddAsync(() => store.StageBlockAsync(objectName, id, bytes, cancellation));
    }

    /// <summary>Stages a segment in a buffer that is given back; waits as well.</summary>
    public async ValueTask AddSegmentAsync(
        int number, PageBuffer buffer, int lengthBytes, CancellationToken cancellation)
    {
        Bytes += lengthBytes;
        // Off the caller's thread: the hash of a segment takes as long as writing it.
        await _staging.AddAsync(() => Task.Run(StageAsync, CancellationToken.None));

        async Task StageAsync()
        {
            var bytes = buffer.Memory[..lengthBytes];
            var hash = Hash256.Of(bytes.Span);
            lock (_hashes) _hashes.Add(number, hash);
            await store.StageBlockAsync(
                objectName, BlockIds.Segment(number, hash), bytes, cancellation);
            // Not after a failure: the transport may still be sending from it.
            buffer.Return();
        }
    }

    /// <summary>Waits until all is staged, and tells the segments' hashes.</summary>
    public async ValueTask<IReadOnlyDictionary<int, Hash256>> CompleteAsync()
    {
        await _staging.CompleteAsync();
        return _hashes;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _staging.DisposeAsync();
}
