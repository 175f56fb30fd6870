using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore;

/// <content>What reads.</content>
public sealed partial class AzureBlobStore
{
    /// <inheritdoc/>
    public async Task<ObjectProperties?> FindAsync(
        string name, CancellationToken cancellation = default)
    {
        try
        {
            var found = await Blob(name).GetPropertiesAsync(cancellationToken: cancellation);
            return Told(name, found.Value);
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

    /// <inheritdoc/>
    public async Task ReadAsync(
        string name, long offset, Memory<byte> destination, string? ifMatch = null,
        CancellationToken cancellation = default)
    {
        var conditions = ifMatch is null ? null : If(new ETag(ifMatch));
        try
        {
            var blob = Blob(name);
            if (offset < 0)
                throw Outside(name, offset, destination.Length);
            if (destination.IsEmpty)
                await CheckEmptyReadAsync(blob, offset, conditions, cancellation);
            else
                await ReadRangeAsync(blob, offset, destination, conditions, cancellation);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: false, cancellation);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// One request; the service tells no tier with the bytes, and unless it does, the
    /// <see cref="ObjectProperties.Tier"/> is Default here. <see cref="FindAsync"/> tells it.
    /// </remarks>
    public async Task<(byte[] Content, ObjectProperties Properties)> ReadWholeAsync(
        string name, int mostBytes, CancellationToken cancellation = default)
    {
        try
        {
            var answer = await Blob(name).DownloadStreamingAsync(cancellationToken: cancellation);
            using var result = answer.Value;
            var details = result.Details;
            if (details.ContentLength > mostBytes)
            {
                throw new StoreRefusedException(
                    name, $"it has {details.ContentLength} bytes, over the {mostBytes} expected");
            }

            var content = new byte[details.ContentLength];
            await FillAsync(result.Content, content, name, cancellation);
            var tier = answer.GetRawResponse().Headers.TryGetValue("x-ms-access-tier", out var told)
                ? BlobTiers.FromAzure(told, inferred: false)
                : StorageTier.Default;
            return (content, new ObjectProperties(
                name, content.Length, Text(details.ETag), tier, RehydratingTo: null,
                details.LastModified, WriteMetadata.Read(details.Metadata)));
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: false, cancellation);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectProperties> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var items = _container
            .GetBlobsAsync(BlobTraits.Metadata | BlobTraits.CopyStatus, BlobStates.None, prefix, cancellation)
            .GetAsyncEnumerator(cancellation);
        var last = "";
        while (await NextAsync())
        {
            var item = items.Current;
            if (string.CompareOrdinal(item.Name, last) <= 0)
            {
                // Accounts with a hierarchical namespace sort '/' before everything else, and
                // list folders among the blobs.
                throw new StoreRefusedException(
                    item.Name,
                    $"{Description} lists it after '{last}'. An account without a hierarchical "
                    + "namespace is needed");
            }

            last = item.Name;
            yield return Told(item);
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await items.MoveNextAsync();
            }
            catch (Exception error) when (BlobErrors.Knows(error))
            {
                throw _errors.Translate(error, prefix, writing: false, cancellation);
            }
        }
    }

    private static async Task ReadRangeAsync(
        BlockBlobClient blob, long offset, Memory<byte> destination,
        BlobRequestConditions? conditions, CancellationToken cancellation)
    {
        // The SDK goes on where a connection broke, and only in the state that it began to read.
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(offset, destination.Length),
            Conditions = conditions,
        };
        using var result = (await RangeAsync(blob, options, cancellation)).Value;
        var range = result.Details.ContentRange;
        if (result.Details.ContentLength != destination.Length)
            throw Outside(blob.Name, offset, destination.Length, range);
        if (range?.StartsWith($"bytes {offset}-", StringComparison.Ordinal) != true)
        {
            throw new StoreBusyException(
                blob.Name, $"bytes from {offset} were asked for, and '{range}' was answered");
        }

        await FillAsync(result.Content, destination, blob.Name, cancellation);
    }

    /// <summary>A blob that is still being copied has no bytes yet, and so no range.</summary>
    private static async Task<Response<BlobDownloadStreamingResult>> RangeAsync(
        BlockBlobClient blob, BlobDownloadOptions options, CancellationToken cancellation)
    {
        try
        {
            return await blob.DownloadStreamingAsync(options, cancellation);
        }
        catch (RequestFailedException answer) when (answer.Status == 416)
        {
            var found = (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value;
            if (found.CopyId is not null && found.BlobCopyStatus is { } status
                && status != CopyStatus.Success)
            {
                throw new ObjectArchivedException(
                    blob.Name, rehydrating: status == CopyStatus.Pending, answer);
            }
            throw;
        }
    }

    /// <summary>HTTP has no empty range, but a read of nothing has conditions too.</summary>
    private static async Task CheckEmptyReadAsync(
        BlockBlobClient blob, long offset, BlobRequestConditions? conditions,
        CancellationToken cancellation)
    {
        var found = await blob.GetPropertiesAsync(conditions, cancellation);
        var properties = Told(blob.Name, found.Value);
        if (properties.Tier == StorageTier.Archive)
            throw new ObjectArchivedException(blob.Name, properties.RehydratingTo is not null);
        if (offset > properties.LengthBytes)
            throw Outside(blob.Name, offset, 0, $"bytes */{properties.LengthBytes}");
    }

    private static async Task FillAsync(
        Stream content, Memory<byte> destination, string name, CancellationToken cancellation)
    {
        var got = await content.ReadAtLeastAsync(
            destination, destination.Length, throwOnEndOfStream: false, cancellation);
        if (got != destination.Length)
        {
            throw new StoreBusyException(
                name, $"the answer ended after {got} of {destination.Length} bytes");
        }
    }

    private static StoreRefusedException Outside(
        string name, long offset, int lengthBytes, string? answered = null) =>
        new(
            name,
            $"{lengthBytes} bytes from {offset} do not lie within it"
            + (answered is null ? "" : $" (it answered '{answered}')"));

    private static ObjectProperties Told(string name, BlobProperties found) => AsCopied(
        new(
            name,
            found.ContentLength,
            Text(found.ETag),
            BlobTiers.FromAzure(found.AccessTier, found.AccessTierInferred),
            BlobTiers.Rehydrating(found.ArchiveStatus),
            found.LastModified,
            WriteMetadata.Read(found.Metadata))
        {
            TierChanged = found.AccessTierChangedOn == default ? null : found.AccessTierChangedOn,
        },
        found.CopyId is null ? null : found.BlobCopyStatus);

    private static ObjectProperties Told(BlobItem item) => AsCopied(
        new(
            item.Name,
            item.Properties.ContentLength ?? 0,
            Text(item.Properties.ETag.GetValueOrDefault()),
            BlobTiers.FromAzure(
                item.Properties.AccessTier?.ToString(), item.Properties.AccessTierInferred),
            BlobTiers.Rehydrating(item.Properties.ArchiveStatus?.ToString()),
            item.Properties.LastModified ?? default,
            WriteMetadata.Read(item.Metadata))
        {
            TierChanged = item.Properties.AccessTierChangedOn,
        },
        item.Properties.CopyId is null ? null : item.Properties.CopyStatus);
}
