using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore;

/// <summary>
/// One placement as one container of block blobs.
/// </summary>
/// <remarks>
/// A conditional write whose answer is lost is sent again by the SDK and then meets its own
/// result: it may end as <see cref="OvertakenException"/> although it was done (and a deletion as
/// "there was none"). The port allows this: after an error a writer looks at what stands.
/// </remarks>
public sealed partial class AzureBlobStore : IObjectStore
{
    private readonly BlobContainerClient _container;
    private readonly BlobWrites _writes;
    private readonly BlobErrors _errors;
    private readonly bool _tiered;

    private AzureBlobStore(BlobServiceClient account, BlobContainerClient container, bool tiered)
    {
        _container = container;
        _tiered = tiered;
        _writes = new BlobWrites(PipelineAccess.Of(account), PipelineAccess.VersionOf(account));

        // The path alone: a query would be a shared access signature.
        var place = container.Uri.GetLeftPart(UriPartial.Path);
        Description = $"container '{container.Name}' at {place}";
        _errors = new BlobErrors(Description);
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>Opens a container, and makes it when it is not there.</summary>
    /// <param name="account">The account, as <see cref="AzurePlacements"/> sets it up.</param>
    /// <param name="container">3 to 63 of a-z, 0-9 and single '-'.</param>
    /// <param name="tiered">False for a Premium account: no tier is ever sent.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="RefusedException">Azure takes no such container name.</exception>
    /// <exception cref="StoreException">The account did not answer, or refused.</exception>
    public static async Task<AzureBlobStore> OpenAsync(
        BlobServiceClient account, string container, bool tiered = true,
        CancellationToken cancellation = default)
    {
        if (!ContainerNames.IsName(container))
        {
            throw AzureAccount.Malformed(
                $"'{container}' is no container name: expected {ContainerNames.Rule}");
        }

        var client = account.GetBlobContainerClient(container);
        var store = new AzureBlobStore(account, client, tiered);
        try
        {
            // Asked first: a caller who may not create containers may still use one.
            if (!await client.ExistsAsync(cancellation))
                await client.CreateIfNotExistsAsync(cancellationToken: cancellation);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw store._errors.Translate(error, container, writing: false, cancellation);
        }

        return store;
    }

    /// <inheritdoc/>
    public async Task<ObjectProperties> PutAsync(
        string name, ReadOnlyMemory<byte> content, WriteOptions options,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckPutLength(name, content.Length);
        ObjectRules.CheckOptions(name, options);
        var blob = Blob(name);
        try
        {
            var (etag, modified) = await _writes.PutAsync(
                blob.Uri, content, options, SentTier(options.Tier), cancellation);
            return Written(name, content.Length, options, etag, modified);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: true, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task StageBlockAsync(
        string name, string blockId, ReadOnlyMemory<byte> content,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckBlock(name, blockId, content.Length);
        var blob = Blob(name);
        try
        {
            await _writes.StageAsync(blob.Uri, blockId, content, cancellation);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: true, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectProperties> CommitBlocksAsync(
        string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckOptions(name, options);
        ObjectRules.CheckBlockList(name, blocks);
        var blob = Blob(name);
        try
        {
            if (blocks.Any(static block => block.Committed))
                await RefuseArchivedAsync(blob, options.IfMatch, cancellation);
            var (etag, modified) = await _writes.CommitAsync(
                blob.Uri, blocks, options, SentTier(options.Tier), cancellation);

            // The answer does not tell the length. Should another writer have come already, this
            // call ends as overtaken: true, and a failed write's outcome is open anyway.
            var now = await blob.GetPropertiesAsync(If(etag), cancellation);
            return Written(name, now.Value.ContentLength, options, etag, modified);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: true, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommittedBlock>> GetBlocksAsync(
        string name, CancellationToken cancellation = default)
    {
        try
        {
            var blob = Blob(name);
            var list = await blob.GetBlockListAsync(
                BlockListTypes.Committed, cancellationToken: cancellation);
            var blocks = list.Value.CommittedBlocks
                .Select(static block => new CommittedBlock(block.Name, block.SizeLong))
                .ToArray();

            // A name with nothing but staged blocks has a list too, an empty one.
            if (blocks.Length == 0)
                await blob.GetPropertiesAsync(cancellationToken: cancellation);
            return blocks;
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: false, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(
        string name, string? ifMatch = null, CancellationToken cancellation = default)
    {
        try
        {
            await Blob(name).DeleteAsync(
                conditions: ifMatch is null ? null : If(new ETag(ifMatch)),
                cancellationToken: cancellation);
            return true;
        }
        catch (RequestFailedException answer) when (BlobErrors.IsNoSuchBlob(answer))
        {
            return false;
        }
        catch (RequestFailedException answer)
            when (answer.ErrorCode is "PendingCopyOperation" && ifMatch is null)
        {
            return await _errors.RunAsync(
                name, writing: true,
                async () =>
                {
                    await AbortCopyAsync(name, cancellation);
                    return (bool)await Blob(name).DeleteIfExistsAsync(
                        cancellationToken: cancellation);
                },
                cancellation);
        }
        catch (RequestFailedException answer)
            when (answer.ErrorCode is "ConditionNotMet" or "TargetConditionNotMet")
        {
            // The condition fails as well where there is nothing, which is no error here.
            return await FindAsync(name, cancellation) is null
                ? false
                : throw _errors.Translate(answer, name, writing: true, cancellation);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: true, cancellation);
        }
    }

    /// <inheritdoc/>
    public Task SetTierAsync(
        string name, StorageTier tier, CancellationToken cancellation = default) =>
        SetTierAsync(name, tier, null, cancellation);

    /// <inheritdoc/>
    public Task SetTierAsync(
        string name, StorageTier tier, RehydrationPriority priority,
        CancellationToken cancellation = default) => SetTierAsync(
            name, tier,
            priority == RehydrationPriority.High
                ? RehydratePriority.High : RehydratePriority.Standard,
            cancellation);

    private async Task SetTierAsync(
        string name, StorageTier tier, RehydratePriority? priority, CancellationToken cancellation)
    {
        if (SentTier(tier) is not { } wanted)
        {
            throw new StoreRefusedException(
                name, $"{Description} cannot move it to tier {tier}");
        }

        var blob = Blob(name);
        try
        {
            await blob.SetAccessTierAsync(
                wanted, rehydratePriority: priority, cancellationToken: cancellation);
        }
        catch (RequestFailedException answer)
            when (answer.ErrorCode is "BlobBeingRehydrated")
        {
            // Asked a second time, as steps are: being on the way there is what was wanted.
            var now = await FindAsync(name, cancellation);
            if (now?.RehydratingTo != tier && now?.Tier != tier)
                throw new ObjectArchivedException(name, rehydrating: true, answer);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: false, cancellation);
        }
    }

    /// <summary>
    /// The service's documents do not say how a commit that keeps an archived blob's blocks ends,
    /// and the emulator would let it through and bring the blob back online without paying.
    /// </summary>
    private static async Task RefuseArchivedAsync(
        BlockBlobClient blob, string? ifMatch, CancellationToken cancellation)
    {
        var now = await blob.GetPropertiesAsync(
            ifMatch is null ? null : If(new ETag(ifMatch)), cancellation);
        var tier = BlobTiers.FromAzure(now.Value.AccessTier, now.Value.AccessTierInferred);
        if (tier == StorageTier.Archive)
        {
            throw new ObjectArchivedException(
                blob.Name, BlobTiers.Rehydrating(now.Value.ArchiveStatus) is not null);
        }
    }

    /// <summary>
    /// An object's name is its blob's name, letter for letter. It is checked before it becomes a
    /// part of a URL, where "..", an empty part or a '?' would address something else.
    /// </summary>
    private BlockBlobClient Blob(string name)
    {
        ObjectRules.CheckName(name);
        return _container.GetBlockBlobClient(name);
    }

    private AccessTier? SentTier(StorageTier tier) => _tiered ? BlobTiers.ToAzure(tier) : null;

    private ObjectProperties Written(
        string name, long lengthBytes, WriteOptions options, ETag etag, DateTimeOffset modified) =>
        new(
            name, lengthBytes, Text(etag), _tiered ? options.Tier : StorageTier.Default,
            RehydratingTo: null, modified,
            WriteMetadata.Copy(options.Metadata) ?? WriteMetadata.None);

    /// <summary>Without the quotes, which some answers keep and others have lost.</summary>
    private static string Text(ETag etag) => etag.ToString().Trim('"');

    private static BlobRequestConditions If(ETag etag) => new() { IfMatch = etag };
}
