using Azure;
using Azure.Storage.Blobs.Models;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore;

/// <content>
/// Copies within the container, by Copy Blob: the one request of the service that takes an archived
/// source. It answers at once; a copy of an archived blob then stands as an archived blob that is
/// being rehydrated, or for a while as one whose copying is pending.
/// </content>
public sealed partial class AzureBlobStore
{
    private const int MostCopyAttempts = 3;

    /// <inheritdoc/>
    public async Task<ObjectProperties> CopyAsync(
        string source, string destination, CopyOptions options,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckCopy(source, destination, options);
        for (var attempt = 1; ; attempt++)
        {
            var there = await CopyStateAsync(destination, cancellation);
            if (there is { } found)
            {
                if (!CopyOptions.IsCopyOf(found.Properties, source))
                    throw CopyOptions.Taken(destination, source);
                if (!found.IsLost)
                    return await HurriedAsync(found.Properties, options, cancellation);
            }

            try
            {
                await StartCopyAsync(source, destination, options, there?.ETag, cancellation);
            }
            catch (OvertakenException) when (attempt < MostCopyAttempts)
            {
                // Another worker of the same wish was first: what it began is found next.
                continue;
            }

            return await FindAsync(destination, cancellation)
                ?? throw new StoreBusyException(destination, "its copy was removed at once");
        }
    }

    private async Task StartCopyAsync(
        string source, string destination, CopyOptions options, ETag? lost,
        CancellationToken cancellation)
    {
        try
        {
            await Blob(destination).StartCopyFromUriAsync(
                Blob(source).Uri,
                new BlobCopyFromUriOptions
                {
                    AccessTier = SentTier(options.Tier),
                    RehydratePriority = options.Priority == RehydrationPriority.High
                        ? RehydratePriority.High : RehydratePriority.Standard,
                    Metadata = WriteMetadata.Copy(options.MetadataOf(source)),
                    DestinationConditions = lost is { } etag
                        ? If(etag) : new BlobRequestConditions { IfNoneMatch = ETag.All },
                },
                cancellation);
        }
        catch (RequestFailedException answer)
            when (answer.ErrorCode is "PendingCopyOperation" or "BlobBeingRehydrated"
                or "BlobArchived")
        {
            // It is told of what stands at the copy's name already, and of a source that is
            // changing its tier in place, which cannot be copied until it has.
            throw await FindAsync(destination, cancellation) is null
                ? new ObjectArchivedException(source, rehydrating: true, answer)
                : new OvertakenException(destination, "it is being copied already", answer);
        }
        catch (RequestFailedException answer)
            when (BlobErrors.IsNoSuchBlob(answer) || answer.ErrorCode is "CannotVerifyCopySource")
        {
            throw await FindAsync(source, cancellation) is null
                ? new ObjectNotFoundException(source, answer)
                : _errors.Translate(answer, source, writing: false, cancellation);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, destination, writing: true, cancellation);
        }
    }

    /// <summary>What stands at a copy's name, and whether the service has given that copy up.</summary>
    private async Task<(ObjectProperties Properties, ETag ETag, bool IsLost)?> CopyStateAsync(
        string name, CancellationToken cancellation)
    {
        try
        {
            var found = (await Blob(name).GetPropertiesAsync(cancellationToken: cancellation)).Value;
            return (Told(name, found), found.ETag, IsLost(found.BlobCopyStatus));
        }
        catch (RequestFailedException answer) when (BlobErrors.IsNoSuchBlob(answer))
        {
            return null;
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: false, cancellation);
        }
    }

    /// <summary>A copy under way at standard priority is hurried; nothing slows one down.</summary>
    private async Task<ObjectProperties> HurriedAsync(
        ObjectProperties copy, CopyOptions options, CancellationToken cancellation)
    {
        if (copy.RehydratingTo is not { } tier || options.Priority != RehydrationPriority.High)
            return copy;
        try
        {
            await SetTierAsync(copy.Name, tier, RehydrationPriority.High, cancellation);
        }
        catch (StoreException error)
            when (error is ObjectArchivedException or StoreRefusedException)
        {
            // Hurried before, or its bytes are still being copied: it comes all the same.
        }

        return copy;
    }

    /// <summary>Ends a copy whose bytes are still on their way, so that it can be deleted.</summary>
    private async Task AbortCopyAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var blob = Blob(name);
            var found = (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value;
            if (found.BlobCopyStatus == CopyStatus.Pending)
                await blob.AbortCopyFromUriAsync(found.CopyId, cancellationToken: cancellation);
        }
        catch (RequestFailedException answer)
            when (BlobErrors.IsNoSuchBlob(answer) || answer.ErrorCode is "NoPendingCopyOperation")
        {
            // It ended by itself, or is gone: both let it be deleted.
        }
    }

    private static bool IsLost(CopyStatus? status) =>
        status is CopyStatus.Failed or CopyStatus.Aborted;

    /// <summary>
    /// A blob whose bytes have not all been copied has no length yet, and tells the tier it will
    /// have: for readers it is as one that is on its way from the archive. One that was given up
    /// is on no way.
    /// </summary>
    private static ObjectProperties AsCopied(ObjectProperties told, CopyStatus? status) =>
        status switch
        {
            CopyStatus.Pending => told with
            {
                Tier = StorageTier.Archive,
                RehydratingTo = told.RehydratingTo
                    ?? (told.Tier == StorageTier.Archive ? StorageTier.Hot : told.Tier),
            },
            CopyStatus.Failed or CopyStatus.Aborted => told with
            {
                Tier = StorageTier.Archive, RehydratingTo = null,
            },
            _ => told,
        };
}
