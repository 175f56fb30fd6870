using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <content>What would be written.</content>
internal sealed partial class OverlayStore
{
    /// <inheritdoc/>
    public Task<ObjectProperties> PutAsync(
        string name, ReadOnlyMemory<byte> content, WriteOptions options,
        CancellationToken cancellation = default)
    {
        RequireCondition(name, options);
        return Task.FromResult(Replace(name, [Block(string.Empty, content)], options));
    }

    /// <inheritdoc/>
    public Task StageBlockAsync(
        string name, string blockId, ReadOnlyMemory<byte> content,
        CancellationToken cancellation = default)
    {
        var block = Block(blockId, content);
        lock (_lock) _staged[(name, blockId)] = block;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ObjectProperties> CommitBlocksAsync(
        string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        CancellationToken cancellation = default)
    {
        RequireCondition(name, options);
        var committed = new Dictionary<string, PlannedBlock>(StringComparer.Ordinal);
        if (blocks.Any(b => b.Committed))
            foreach (var block in await BlocksAsync(name, cancellation))
                committed[block.Id] = block;
        lock (_lock)
        {
            return Replace(name, [.. blocks.Select(Find)], options);

            PlannedBlock Find(BlockReference reference) =>
                (reference.Committed
                    ? committed.GetValueOrDefault(reference.Id)
                    : _staged.GetValueOrDefault((name, reference.Id)))
                ?? throw new OvertakenException(name, $"block {reference.Id} is not there");
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(
        string name, string? ifMatch = null, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            // One that was never seen counts as there: a deletion is free either way.
            var wasThere = !_objects.TryGetValue(name, out var found) || found is not null;
            _objects[name] = null;
            return Task.FromResult(wasThere);
        }
    }

    /// <inheritdoc/>
    public Task SetTierAsync(
        string name, StorageTier tier, CancellationToken cancellation = default) =>
        SetTierAsync(name, tier, RehydrationPriority.Standard, cancellation);

    /// <inheritdoc/>
    public async Task SetTierAsync(
        string name, StorageTier tier, RehydrationPriority priority,
        CancellationToken cancellation = default)
    {
        var found = await StandingAsync(name, cancellation)
            ?? throw new ObjectNotFoundException(name);
        var now = time.GetUtcNow();
        var told = found.Properties;
        var wakes = told.Tier == StorageTier.Archive && tier != StorageTier.Archive;
        var moved = wakes
            ? found with
            {
                Properties = told with { RehydratingTo = tier },
                OnlineAt = now + onlineAfter(
                    told.RehydratingTo is null ? told.LengthBytes : 0, priority),
            }
            : found with { Properties = told with { Tier = tier, TierChanged = now } };
        lock (_lock) _objects[name] = moved;
    }

    /// <inheritdoc/>
    public async Task<ObjectProperties> CopyAsync(
        string source, string destination, CopyOptions options,
        CancellationToken cancellation = default)
    {
        var found = await StandingAsync(source, cancellation)
            ?? throw new ObjectNotFoundException(source);
        if (await StandingAsync(destination, cancellation) is { } standing)
            return CopyOptions.IsCopyOf(standing.Properties, source)
                ? standing.Properties
                : throw CopyOptions.Taken(destination, source);
        var (told, now) = (found.Properties, time.GetUtcNow());
        var waits = told.Tier == StorageTier.Archive;
        var properties = new ObjectProperties(
            destination, told.LengthBytes, $"planned-{Interlocked.Increment(ref _etags)}",
            waits ? StorageTier.Archive : options.Tier, waits ? options.Tier : null, now,
            options.MetadataOf(source));
        var online = waits ? now + onlineAfter(told.LengthBytes, options.Priority) : now;
        lock (_lock)
            _objects[destination] = new PlannedObject(
                properties, [.. Parts(told.LengthBytes)], online);
        return properties;
    }

    /// <summary>Blocks of which only the length is known.</summary>
    private static IEnumerable<PlannedBlock> Parts(long lengthBytes)
    {
        for (var left = lengthBytes; left > 0; left -= MostPartBytes)
            yield return new PlannedBlock(string.Empty, (int)Math.Min(left, MostPartBytes), null);
    }

    private static readonly Dictionary<string, string> NoMetadata = new(StringComparer.Ordinal);

    private static PlannedBlock Block(string id, ReadOnlyMemory<byte> content) => new(
        id, content.Length, content.Length <= MostKeptBytes ? content.ToArray() : null);

    /// <summary>Checks what the plan itself has changed; the store beneath is taken to stand.</summary>
    private void RequireCondition(string name, WriteOptions options)
    {
        lock (_lock)
        {
            if (!_objects.TryGetValue(name, out var known)) return;
            if (options.IfAbsent && known is not null)
                throw new OvertakenException(name, "the planned work has made it already");
            if (options.IfMatch is { } etag
                && !string.Equals(known?.Properties.ETag, etag, StringComparison.Ordinal))
                throw new OvertakenException(name, "the planned work has replaced it");
        }
    }

    private ObjectProperties Replace(
        string name, IReadOnlyList<PlannedBlock> blocks, WriteOptions options)
    {
        var properties = new ObjectProperties(
            name, blocks.Sum(b => (long)b.LengthBytes),
            $"planned-{Interlocked.Increment(ref _etags)}", options.Tier, null,
            time.GetUtcNow(), options.Metadata ?? NoMetadata);
        lock (_lock)
        {
            _objects[name] = new PlannedObject(properties, blocks, default);
            foreach (var staged in _staged.Keys.Where(k => k.Name.Equals(name, StringComparison.Ordinal)).ToList())
                _staged.Remove(staged);
        }
        return properties;
    }

    /// <summary>The blocks that an object is made of now.</summary>
    private async Task<IReadOnlyList<PlannedBlock>> BlocksAsync(
        string name, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_objects.GetValueOrDefault(name)?.Blocks is { } known) return known;
        }
        Interlocked.Increment(ref _requests);
        var offset = 0L;
        var blocks = new List<PlannedBlock>();
        foreach (var block in await real.GetBlocksAsync(name, cancellation))
        {
            blocks.Add(new PlannedBlock(block.Id, (int)block.LengthBytes, null, offset));
            offset += block.LengthBytes;
        }
        return blocks;
    }
}
