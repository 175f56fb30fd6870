using System.Buffers;
using System.Security.Cryptography;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check;

/// <summary>Checks the two objects of a delta.</summary>
internal sealed class DeltaCheck(
    IObjectStore deltaStore, ShardChain chain, CheckDepth depth, Findings findings)
{
    private const int PieceBytes = 4 << 20;

    /// <summary>Checks a delta's index, and answers what is to be looked for in its data.</summary>
    public async Task<DeltaData> CheckAsync(
        ShardLink link, DeltaKey key, IReadOnlyList<VersionMark> affected,
        CancellationToken cancellation)
    {
        var name = ObjectNames.DeltaIndex(chain.Shard, key);
        findings.Deltas++;
        findings.Objects += 2;
        var bytes = Array.Empty<byte>();
        DeltaIndex? index = null;
        try
        {
            (bytes, var properties) = await deltaStore.ReadWholeAsync(
                name, DeltaIndex.MostBytes, cancellation);
            findings.BytesRead += bytes.Length;
            var decoded = DeltaIndex.Decode(bytes, name);
            decoded.Header.Expect(chain.Shard, name);
            if (decoded.Key != key || decoded.Header.Layout != chain.Layout)
                throw new CorruptObjectException(name, $"{key}", $"{decoded.Key}");
            if (properties.Tier is not (StorageTier.Hot or StorageTier.Default))
                findings.Warn(name, "an index in the hot tier", $"{properties.Tier}");
            CheckNodes(link, decoded, name, affected);
            await CheckPackAsync(decoded, name, affected, cancellation);
            index = decoded;
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            findings.Add(error, name, affected);
        }
        var place = index?.Place ?? new DeltaPlace(key);
        // Without its index nobody knows whether a pack holds the data.
        var isKnown = index is not null
            || await chain.Manifest.PackOfAsync(chain.Shard, key, cancellation) is null;
        return new DeltaData(isKnown ? place.DataName(chain.Shard) : null, index, bytes);
    }

    /// <summary>Checks a delta's data. Data of several deltas may be read side by side.</summary>
    public async Task CheckDataAsync(
        DeltaData data, IReadOnlyList<VersionMark> affected, CancellationToken cancellation)
    {
        if (data.Name is not { } name) return;
        var (index, copy) = (data.Index, data.Copy);
        try
        {
            var found = await deltaStore.FindAsync(name, cancellation)
                ?? throw new ObjectNotFoundException(name);
            if (index is null) return;
            var end = index.PackOffset + index.DataBytes + copy.Length;
            if (index.Pack == 0 ? found.LengthBytes != end : found.LengthBytes < end)
                throw new CorruptObjectException(
                    name, $"{index.DataBytes} bytes from {index.PackOffset} and an index of "
                    + $"{copy.Length}", $"{found.LengthBytes} bytes");
            if (found.Tier == StorageTier.Archive) findings.Archive(name);
            else if (depth == CheckDepth.Full)
                await ReadAsync(name, index, copy, found.ETag, cancellation);
        }
        catch (ObjectArchivedException)
        {
            findings.Archive(name);
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            findings.Add(error, name, affected);
        }
    }

    private void CheckNodes(
        ShardLink link, DeltaIndex index, string name, IReadOnlyList<VersionMark> affected)
    {
        var (upper, lower) = index.To > index.From
            ? (index.ToNode, index.FromNode) : (index.FromNode, index.ToNode);
        if (upper != link.Edge.Node)
            findings.Add(
                name, $"node {link.Edge.Node} at version {link.Version}", $"{upper}", affected);
        // Below the lowest edge the manifest keeps no node.
        if (chain.Below(link) is { } below && lower != below.Edge.Node)
            findings.Add(
                name, $"node {below.Edge.Node} at version {link.Edge.Previous}", $"{lower}",
                affected);
    }

    /// <summary>The manifest must list the pack that an index names, or it would be swept.</summary>
    private async Task CheckPackAsync(
        DeltaIndex index, string name, IReadOnlyList<VersionMark> affected,
        CancellationToken cancellation)
    {
        var listed = await chain.Manifest.PackOfAsync(chain.Shard, index.Key, cancellation);
        if ((listed?.Number ?? 0) != index.Pack)
            findings.Add(
                name, listed is null ? "data of its own" : $"data in pack {listed.Number}",
                $"pack {index.Pack}", affected);
    }

    private async Task ReadAsync(
        string name, DeltaIndex index, byte[] copy, string etag, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var end = index.DataBytes + copy.Length;
            for (var at = 0L; at < end;)
            {
                var length = (int)Math.Min(PieceBytes, end - at);
                if (deltaStore is IPlannedReads planned)
                {
                    await planned.PlanReadAsync(name, at, length, cancellation);
                    at += length;
                    continue;
                }
                await deltaStore.ReadAsync(
                    name, index.PackOffset + at, buffer.AsMemory(0, length), etag, cancellation);
                findings.BytesRead += length;
                var frames = (int)Math.Clamp(index.DataBytes - at, 0, length);
                hash.AppendData(buffer.AsSpan(0, frames));
                var inCopy = (int)(at + frames - index.DataBytes);
                if (frames < length && !buffer.AsSpan(frames, length - frames)
                    .SequenceEqual(copy.AsSpan(inCopy, length - frames)))
                    throw new CorruptObjectException(
                        name, "a copy of the index at its end", "other bytes");
                at += length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        if (deltaStore is IPlannedReads) return;
        var computed = new Hash256(hash.GetHashAndReset());
        if (computed != index.DataHash)
            throw new CorruptObjectException(
                name, $"frames of SHA-256 {index.DataHash}", $"{computed}");
    }

    /// <summary>What is known of a delta's data.</summary>
    /// <param name="Name">Its object; null where nobody knows it.</param>
    /// <param name="Index">Its index, where that can be worked with.</param>
    /// <param name="Copy">The index as it is stored, which the data ends with.</param>
    internal sealed record DeltaData(string? Name, DeltaIndex? Index, byte[] Copy);
}
