using System.Buffers;
using System.Security.Cryptography;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>
/// Copies deltas into a pack, byte for byte, and holds each one's frames against the hash in its
/// index on the way. Nothing can be seen before the one commit at the end.
/// </summary>
internal sealed class PackCopy(IObjectStore store, string name, int pieceBytes) : IDisposable
{
    private readonly IncrementalHash _all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<BlockReference> _blocks = [];
    private readonly IPlannedReads? _planned = store as IPlannedReads;
    private readonly byte[] _piece = ArrayPool<byte>.Shared.Rent(pieceBytes);
    private int _filled;
    private long _written;

    /// <summary>Writes the pack; answers its length and hash.</summary>
    /// <exception cref="CorruptObjectException">A delta's frames do not hash to what its index says.</exception>
    /// <exception cref="OvertakenException">The pack exists.</exception>
    public async Task<(long LengthBytes, Hash256 Hash)> RunAsync(
        PackHeader header, IReadOnlyList<PackSource> sources, StorageTier tier,
        Hash256 input, CancellationToken cancellation)
    {
        await AddAsync(header.Encode(), cancellation);
        foreach (var source in sources)
        {
            await CopyAsync(source, cancellation);
            await AddAsync(source.IndexBytes, cancellation);
        }
        await StageAsync(cancellation);
        if (_written != header.PackBytes)
            throw new InvalidOperationException(
                $"{name} was laid out as {header.PackBytes} bytes and came to {_written}.");
        var hash = new Hash256(_all.GetHashAndReset());
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["machine"] = header.Machine,
            ["operation"] = $"{header.Operation}",
            ["number"] = $"{header.Number}",
            ["kind"] = "pack",
            [PackMetadata.Input] = input.ToString(),
            [PackMetadata.Hash] = hash.ToString(),
        };
        await store.CommitBlocksAsync(
            name, _blocks, new WriteOptions(IfAbsent: true, Tier: tier, Metadata: metadata),
            cancellation);
        return (_written, hash);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _all.Dispose();
        ArrayPool<byte>.Shared.Return(_piece);
    }

    private async Task CopyAsync(PackSource source, CancellationToken cancellation)
    {
        var from = source.Old.Place.DataName(source.Shard);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var at = 0L; at < source.Old.DataBytes;)
        {
            var length = (int)Math.Min(pieceBytes - _filled, source.Old.DataBytes - at);
            var target = _piece.AsMemory(_filled, length);
            var offset = source.Old.PackOffset + at;
            if (_planned is not null)
                await _planned.PlanReadAsync(from, offset, length, cancellation);
            else
                await store.ReadAsync(from, offset, target, null, cancellation);
            hash.AppendData(target.Span);
            _filled += length;
            at += length;
            if (_filled == pieceBytes) await StageAsync(cancellation);
        }
        var found = new Hash256(hash.GetHashAndReset());
        if (_planned is null && found != source.Old.DataHash)
            throw new CorruptObjectException(
                from, $"frames of SHA-256 {source.Old.DataHash}", $"{found}");
    }

    private async Task AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            var length = Math.Min(pieceBytes - _filled, bytes.Length);
            bytes[..length].CopyTo(_piece.AsMemory(_filled));
            _filled += length;
            bytes = bytes[length..];
            if (_filled == pieceBytes) await StageAsync(cancellation);
        }
    }

    private async Task StageAsync(CancellationToken cancellation)
    {
        if (_filled == 0) return;
        var piece = _piece.AsMemory(0, _filled);
        var id = BlockIds.Part(_blocks.Count, Hash256.Of(piece.Span));
        await store.StageBlockAsync(name, id, piece, cancellation);
        _blocks.Add(new BlockReference(id, false));
        _all.AppendData(piece.Span);
        _written += _filled;
        _filled = 0;
    }
}
