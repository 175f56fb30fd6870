using System.Runtime.InteropServices;
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
    private const int MostPutBytes = 64 << 20;

    private readonly BlobContainerClient _container;
    private readonly BlockListRequest _blockList;
    private readonly BlobErrors _errors;
    private readonly bool _tiered;

    private AzureBlobStore(BlobServiceClient account, BlobContainerClient container, bool tiered)
    {
        _container = container;
        _tiered = tiered;
        _blockList = new BlockListRequest(
            PipelineAccess.Of(account), PipelineAccess.VersionOf(account));

        // The path alone: a query would be a shared access signature.
        Description = $"container '{container.Name}' at {container.Uri.GetLeftPart(UriPartial.Path)}";
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
        if (!BlobNames.IsContainer(container))
        {
            throw new RefusedException(
                "store-setting",
                $"'{container}' is no container name: expected 3 to 63 of a-z, 0-9 and single '-', "
                + "beginning and ending with a letter or digit.");
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
        if (content.Length > MostPutBytes)
            throw new StoreRefusedException(name, $"it has {content.Length} bytes, over {MostPutBytes}");
        var upload = new BlobUploadOptions
        {
            Conditions = Conditions(options),
            Metadata = WriteMetadata.Copy(options.Metadata),
            AccessTier = SentTier(options.Tier),

            // Up to this length the SDK sends one Put Blob; beyond it would make blocks of its own.
            TransferOptions = new() { InitialTransferSize = MostPutBytes },
        };
        try
        {
            using var stream = Stream(content);
            var done = await Blob(name).UploadAsync(stream, upload, cancellation);
            return Written(name, content.Length, options, done.Value.ETag, done.Value.LastModified);
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
        try
        {
            using var stream = Stream(content);
            await Blob(name).StageBlockAsync(blockId, stream, cancellationToken: cancellation);
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
        var blob = Blob(name);
        try
        {
            if (blocks.Any(static block => block.Committed))
                await RefuseArchivedAsync(blob, options.IfMatch, cancellation);
            var (etag, modified) = await _blockList.SendAsync(
                blob.Uri, name, blocks, options, SentTier(options.Tier), cancellation);

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
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: true, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task SetTierAsync(
        string name, StorageTier tier, CancellationToken cancellation = default)
    {
        if (SentTier(tier) is not { } wanted)
        {
            throw new StoreRefusedException(
                name, $"{Description} cannot move it to tier {tier}");
        }

        var blob = Blob(name);
        try
        {
            await blob.SetAccessTierAsync(wanted, cancellationToken: cancellation);
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

    private BlockBlobClient Blob(string name) =>
        _container.GetBlockBlobClient(BlobNames.Check(name));

    private AccessTier? SentTier(StorageTier tier) => _tiered ? BlobTiers.ToAzure(tier) : null;

    private ObjectProperties Written(
        string name, long lengthBytes, WriteOptions options, ETag etag, DateTimeOffset modified) =>
        new(
            name, lengthBytes, etag.ToString(), _tiered ? options.Tier : StorageTier.Default,
            RehydratingTo: null, modified, WriteMetadata.Copy(options.Metadata) ?? WriteMetadata.None);

    private static BlobRequestConditions If(ETag etag) => new() { IfMatch = etag };

    private static BlobRequestConditions Conditions(WriteOptions options) => new()
    {
        IfMatch = options.IfMatch is { } etag ? new ETag(etag) : null,
        IfNoneMatch = options.IfAbsent ? ETag.All : null,
    };

    /// <summary>A stream over the caller's own bytes; they are copied only if no array holds them.</summary>
    private static MemoryStream Stream(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
}
