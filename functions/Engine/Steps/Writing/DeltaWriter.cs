using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// Writes one delta of a shard: changed sectors of neighbouring blocks are packed into frames,
/// frames into parts that are staged. Nothing can be seen before <see cref="CompleteAsync"/>,
/// which commits the data and then, last, the index that makes the delta exist.
/// </summary>
/// <param name="store">Where it goes.</param>
/// <param name="draft">What is known of it.</param>
/// <param name="staging">Where parts are staged beside those of the step's other deltas.</param>
/// <param name="plan">Makes frames of a plan, which are never stored; null to encode them.</param>
internal sealed class DeltaWriter(
    IObjectStore store, DeltaDraft draft, PartStaging staging, PlannedEncoding? plan = null)
    : IAsyncDisposable
{
    private const int PartBytes = 4 << 20;

    /// <summary>Frames that are encoded beside whoever adds changes, each of a block at most.</summary>
    private const int MostEncoding = 16;

    private readonly Layout _layout = draft.Layout;
    private readonly string _dataName = ObjectNames.DeltaData(draft.Shard, draft.Key);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<DeltaFrame> _frames = [];
    private readonly List<BlockRun> _runs = [];
    private readonly List<DeltaEntry> _entries = [];
    private readonly List<Task<string>> _parts = [];
    private readonly Queue<Task<EncodedFrame>> _encoding = new();
    private byte[] _raw = ArrayPool<byte>.Shared.Rent(draft.Layout.BlockBytes);
    private PageBuffer? _part;
    private Task _hashing = Task.CompletedTask;
    private int _rawBytes;
    private int _partBytes;
    private long _dataBytes;

    /// <summary>Whether no block was added.</summary>
    public bool IsEmpty => _entries.Count == 0 && _runs.Count == 0;

    /// <summary>Bytes in the sectors that were added.</summary>
    public long ChangedBytes { get; private set; }

    /// <summary>The blocks that were made zero, and those between them.</summary>
    public IReadOnlyList<BlockRun> ZeroRuns => _runs;

    /// <summary>The pages that blocks were added of, ascending.</summary>
    public SortedSet<int> Pages { get; } = [];

    /// <summary>
    /// Adds a block's change and gives its buffer back; blocks come in ascending order.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="bridge">
    /// Whether all blocks since the last run of zeros are zero too, so that the run may go on over
    /// them: the lost tail of a disk is one run.
    /// </param>
    /// <param name="cancellation">Ends the call.</param>
    public async ValueTask AddAsync(
        PackedChange change, bool bridge, CancellationToken cancellation)
    {
        Pages.Add(change.Block / _layout.BlocksPerPage);
        ChangedBytes += BitOperations.PopCount(change.Changed) * (long)_layout.SectorBytes;
        if (change.IsZero)
        {
            AddZero(change.Block, bridge);
            return;
        }
        var bytes = change.StoredCount * _layout.SectorBytes;
        if (_rawBytes + bytes > _layout.BlockBytes) await CloseFrameAsync(cancellation);
        var frame = bytes == 0 ? -1 : _frames.Count + _encoding.Count;
        _entries.Add(new DeltaEntry(
            change.Block, change.Changed, change.Zero, frame,
            (ushort)(bytes == 0 ? 0 : _rawBytes / _layout.SectorBytes), change.Hash));
        if (bytes > 0) change.Stored(_layout).CopyTo(_raw.AsSpan(_rawBytes));
        _rawBytes += bytes;
        change.Return();
    }

    /// <summary>
    /// Commits the delta. Data first: a crash after it leaves data that no index makes exist, and
    /// the next run of the step finishes it from the copy of the index at its end.
    /// </summary>
    /// <exception cref="CorruptObjectException">The name holds a delta of another input.</exception>
    public async Task<DeltaIndex> CompleteAsync(
        Hash256 fromNode, Hash256 toNode, IReadOnlyList<PageNode> pages,
        CancellationToken cancellation)
    {
        await CloseFrameAsync(cancellation);
        while (_encoding.Count > 0) await DrainAsync(cancellation);
        var rest = _part is null ? default : _part.Memory[.._partBytes];
        await staging.CompleteAsync();
        await _hashing;
        _hash.AppendData(rest.Span);
        var index = new DeltaIndex
        {
            Header = new ObjectHeader(draft.Shard, _layout, draft.Key.Operation),
            From = draft.Key.From,
            To = draft.Key.To,
            FromDiskBytes = draft.FromDiskBytes,
            ToDiskBytes = draft.ToDiskBytes,
            Card = draft.Card,
            Input = draft.Input,
            FromNode = fromNode,
            ToNode = toNode,
            DataBytes = _dataBytes,
            DataHash = new Hash256(_hash.GetHashAndReset()),
            Frames = _frames,
            ZeroRuns = _runs,
            Entries = [.. _entries],
            Pages = pages,
        };
        var bytes = index.Encode();
        return await DeltaPublication.PublishAsync(
            store, draft, index, bytes, rest, await Task.WhenAll(_parts), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_encoding.TryDequeue(out var frame))
        {
            try
            {
                (await frame).Return();
            }
            catch (SnapshotException)
            {
                // Nobody waits for this frame any more: the delta was given up for another error.
            }
        }
        // What hashes still reads parts.
        await Task.WhenAll([_hashing, .. _parts]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_raw);
        _part?.Return();
        _part = null;
    }

    private void AddZero(int block, bool bridge)
    {
        if (_runs.Count > 0 && (_runs[^1].End == block || bridge))
            _runs[^1] = _runs[^1] with { Count = block + 1 - _runs[^1].First };
        else
            _runs.Add(new BlockRun(block, 1));
    }

    private async ValueTask CloseFrameAsync(CancellationToken cancellation)
    {
        if (_rawBytes == 0) return;
        var (raw, length, name, isThorough) = (_raw, _rawBytes, _dataName, draft.IsThorough);
        _raw = ArrayPool<byte>.Shared.Rent(_layout.BlockBytes);
        _rawBytes = 0;
        _encoding.Enqueue(
            plan is not null
                ? Task.FromResult(Plan(plan, raw, length))
                : Task.Run(
                    () => EncodedFrame.Make(raw, length, name, isThorough),
                    CancellationToken.None));
        while (_encoding.Count > MostEncoding) await DrainAsync(cancellation);
    }

    private static EncodedFrame Plan(PlannedEncoding plan, byte[] raw, int rawBytes)
    {
        var frame = plan(raw.AsSpan(0, rawBytes));
        ArrayPool<byte>.Shared.Return(raw);
        return frame;
    }

    private async ValueTask DrainAsync(CancellationToken cancellation)
    {
        var frame = await _encoding.Dequeue();
        _frames.Add(new DeltaFrame(
            _dataBytes, frame.StoredBytes, (ushort)(frame.RawBytes / _layout.SectorBytes),
            frame.Codec));
        if (_partBytes + frame.StoredBytes > PartBytes) await StagePartAsync(cancellation);
        _part ??= PageBuffer.Rent(PartBytes);
        frame.Stored.CopyTo(_part.Span[_partBytes..]);
        _partBytes += frame.StoredBytes;
        _dataBytes += frame.StoredBytes;
        frame.Return();
    }

    private async ValueTask StagePartAsync(CancellationToken cancellation)
    {
        var (part, length, number) = (_part!, _partBytes, _parts.Count);
        (_part, _partBytes) = (null, 0);
        // Both hashes off the caller's thread: they take longer than all that it does itself.
        var id = Task.Run(
            () => BlockIds.Part(number, Hash256.Of(part.Span[..length])), CancellationToken.None);
        var hashed = _hashing = HashAsync(_hashing, part, length);
        _parts.Add(id);
        await staging.AddAsync(() => StageAsync(id, hashed, part, length, cancellation));
    }

    /// <summary>Takes a part into the data's hash, after those before it.</summary>
    private async Task HashAsync(Task before, PageBuffer part, int lengthBytes)
    {
        await before;
        await Task.Run(() => _hash.AppendData(part.Span[..lengthBytes]), CancellationToken.None);
    }

    private async Task StageAsync(
        Task<string> id, Task hashed, PageBuffer part, int lengthBytes,
        CancellationToken cancellation)
    {
        await store.StageBlockAsync(
            _dataName, await id, part.Memory[..lengthBytes], cancellation);
        await hashed;
        // Not after a failure: the transport may still be sending from it.
        part.Return();
    }
}
