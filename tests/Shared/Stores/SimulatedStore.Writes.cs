using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.TestShared.Stores;

/// <content>The operations that change what the store holds.</content>
public sealed partial class SimulatedStore
{
    /// <inheritdoc/>
    public async Task<ObjectProperties> PutAsync(
        string name, ReadOnlyMemory<byte> content, WriteOptions options,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        ObjectRules.CheckOptions(name, options);
        ObjectRules.CheckPutLength(name, content.Length);
        return await RunAsync(StoreOperationKind.Put, name, content.Length, Act, cancellation);

        (ObjectProperties, StorageTier) Act()
        {
            SimulatedBlock[] whole = [new(string.Empty, content.ToArray(), Now)];
            return _state.Act(contents =>
            {
                CheckWrite(contents, name, options);
                return Replace(contents, name, whole, options, isPut: true);
            });
        }
    }

    /// <inheritdoc/>
    public async Task StageBlockAsync(
        string name, string blockId, ReadOnlyMemory<byte> content,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        ObjectRules.CheckBlock(name, blockId, content.Length);
        await RunAsync(StoreOperationKind.StageBlock, name, content.Length, Act, cancellation);

        (bool, StorageTier) Act()
        {
            var block = new SimulatedBlock(blockId, content.ToArray(), Now);
            return _state.Act(contents =>
            {
                var others = contents.Staged.GetValueOrDefault(name);
                if (others?.Keys.FirstOrDefault() is { } other
                    && ObjectRules.CheckBlockId(name, other) != ObjectRules.CheckBlockId(name, blockId))
                {
                    throw new StoreRefusedException(
                        name, $"block id '{blockId}' is not as long as '{other}', staged before");
                }

                return (contents.WithStaged(name, block), (true, StorageTier.Hot));
            });
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectProperties> CommitBlocksAsync(
        string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        ObjectRules.CheckOptions(name, options);
        ObjectRules.CheckBlockList(name, blocks);
        return await RunAsync(StoreOperationKind.CommitBlocks, name, 0, Act, cancellation);

        (ObjectProperties, StorageTier) Act() => _state.Act(contents =>
        {
            var standing = CheckWrite(contents, name, options);
            return Replace(
                contents, name, Resolve(contents, name, standing, blocks), options, isPut: false);
        });
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(
        string name, string? ifMatch = null, CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        return await RunAsync(StoreOperationKind.Delete, name, 0, Act, cancellation);

        (bool, StorageTier) Act() => _state.Act(contents =>
        {
            var standing = contents.Objects.GetValueOrDefault(name);
            if (standing is null)
                return (contents, (false, StorageTier.Hot));
            if (ifMatch is not null && standing.Properties.ETag != ifMatch)
                throw new OvertakenException(name, "it has another ETag than was to be deleted");
            return (contents.Without(name), (true, standing.Properties.Tier));
        });
    }

    /// <inheritdoc/>
    public async Task<ObjectProperties> CopyAsync(
        string source, string destination, CopyOptions options,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckCopy(source, destination, options);
        return await RunAsync(StoreOperationKind.Copy, destination, 0, Act, cancellation);

        (ObjectProperties, StorageTier) Act() => _state.Act(contents =>
        {
            if (Standing(contents, destination) is { } there)
            {
                if (!CopyOptions.IsCopyOf(there.Properties, source))
                    throw CopyOptions.Taken(destination, source);
                if (there.Properties.RehydratingTo is not null)
                    there = there with { OnlineAt = OnlineAt(there, options.Priority) };
                return (contents.WithOnly(destination, there),
                    (there.Properties, there.Properties.Tier));
            }

            var original = Standing(contents, source)
                ?? throw new ObjectNotFoundException(source);
            var archived = original.Properties.Tier == StorageTier.Archive;
            var copy = original with
            {
                Properties = new ObjectProperties(
                    destination, original.Properties.LengthBytes, _state.NextETag(),
                    archived ? StorageTier.Archive : options.Tier,
                    archived ? options.Tier : null, Now, options.MetadataOf(source)),
                OnlineAt = DateTimeOffset.MinValue,
            };
            if (archived)
            {
                copy = copy with
                {
                    OnlineAt = OnlineAt(
                        copy with { Properties = copy.Properties with { RehydratingTo = null } },
                        options.Priority),
                };
            }

            return (contents.With(destination, copy), (copy.Properties, options.Tier));
        });
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
        ObjectRules.CheckName(name);
        await RunAsync(StoreOperationKind.SetTier, name, 0, Act, cancellation);

        (bool, StorageTier) Act() => _state.Act(contents =>
        {
            var standing = Standing(contents, name) ?? throw new ObjectNotFoundException(name);
            var properties = standing.Properties;
            if (_state.Options.ETagChangesWithTier)
                properties = properties with { ETag = _state.NextETag() };
            var rehydrates = properties.Tier == StorageTier.Archive && tier != StorageTier.Archive;
            var next = rehydrates
                ? standing with
                {
                    Properties = properties with { RehydratingTo = tier },
                    OnlineAt = OnlineAt(standing, priority),
                }
                : standing with
                {
                    Properties = properties with { Tier = tier, TierChanged = Now },
                };
            return (contents.WithOnly(name, next), (true, tier));
        });
    }

    /// <summary>When a rehydration that is asked for now ends; one under way may only be hurried.</summary>
    private DateTimeOffset OnlineAt(SimulatedObject standing, RehydrationPriority priority)
    {
        var asked = Now + (priority == RehydrationPriority.High
            ? _state.Options.HighRehydrationTime : _state.Options.RehydrationTime);
        return standing.Properties.RehydratingTo is null || asked < standing.OnlineAt
            ? asked : standing.OnlineAt;
    }

    private static SimulatedBlock[] Resolve(
        StoreContents contents, string name, SimulatedObject? standing,
        IReadOnlyList<BlockReference> blocks)
    {
        var staged = contents.Staged.GetValueOrDefault(name);
        var committed = new Dictionary<string, SimulatedBlock>(StringComparer.Ordinal);
        foreach (var block in standing is null or { IsPut: true } ? [] : standing.Blocks)
            committed[block.Id] = block;
        return
        [
            .. blocks.Select(reference =>
                (reference.Committed
                    ? committed.GetValueOrDefault(reference.Id)
                    : staged?.GetValueOrDefault(reference.Id))
                ?? throw new OvertakenException(
                    name, $"block {reference.Id} is not {(reference.Committed ? "committed" : "staged")}")),
        ];
    }

    /// <summary>
    /// Checks the condition of a write. No archived object is written over: Put Blob and Put Block
    /// List answer BlobArchived, and deleting it first is a decision for the caller.
    /// </summary>
    private SimulatedObject? CheckWrite(StoreContents contents, string name, WriteOptions options)
    {
        var standing = Standing(contents, name);
        if (options.IfAbsent && standing is not null)
            throw new OvertakenException(name, "there is an object of that name");
        if (options.IfMatch is not null && standing?.Properties.ETag != options.IfMatch)
            throw new OvertakenException(name, "it has another ETag, or is gone");
        return standing is { Properties.Tier: StorageTier.Archive }
            ? throw new ObjectArchivedException(name, standing.Properties.RehydratingTo is not null)
            : standing;
    }

    private (StoreContents, (ObjectProperties, StorageTier)) Replace(
        StoreContents contents, string name, SimulatedBlock[] blocks, WriteOptions options, bool isPut)
    {
        var metadata = new Dictionary<string, string>(
            options.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal),
            StringComparer.Ordinal);
        var next = SimulatedObject.Of(
            new ObjectProperties(name, 0, _state.NextETag(), options.Tier, null, Now, metadata),
            blocks, isPut);
        return (contents.With(name, next), (next.Properties, options.Tier));
    }
}
