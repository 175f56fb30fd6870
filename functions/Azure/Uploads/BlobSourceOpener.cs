using Azure;
using Azure.Storage.Blobs;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore.Uploads;

/// <summary>
/// Opens uploads that are blobs of one container. A source is the blob's name, with or without the
/// ETag first seen; every read carries it.
/// </summary>
public sealed class BlobSourceOpener : ISourceOpener
{
    private readonly BlobContainerClient _container;
    private readonly BlobErrors _errors;

    internal BlobSourceOpener(BlobContainerClient container) =>
        (_container, _errors) = (container, BlobAccount.ErrorsOf(container));

    /// <summary>Opens a container, and makes it when it is not there.</summary>
    /// <exception cref="StoreException">The account did not answer, or refused.</exception>
    public static async Task<BlobSourceOpener> OpenAsync(
        BlobAccount account, string container, CancellationToken cancellation = default) =>
        new(await account.ContainerAsync(container, cancellation));

    /// <inheritdoc/>
    public async ValueTask<IByteSource> OpenAsync(
        string source, string? identity, CancellationToken cancellation)
    {
        var (name, pinned) = UploadText.Parse(source);
        var wanted = identity ?? pinned;
        var blob = _container.GetBlobClient(name);
        try
        {
            var found = (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value;
            var state = BlobAccount.Text(found.ETag);
            if (wanted is not null && !string.Equals(wanted, state, StringComparison.Ordinal))
                throw Changed(name, $"the upload as first seen ({wanted})", state);
            return new BlobByteSource(
                blob, name[(name.LastIndexOf('/') + 1)..], found.ContentLength, found.ETag, _errors);
        }
        catch (RequestFailedException answer) when (BlobErrors.IsNoSuchBlob(answer))
        {
            throw new InvalidImageException(
                "gone", name, "a blob that can be read", "no such blob", null,
                "It must stay where it is until it is taken.", answer);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: false, cancellation);
        }
    }

    internal static InvalidImageException Changed(
        string name, string expected, string found, Exception? inner = null) => new(
        "changed", name, expected, found, null,
        "Upload it again under a new snapshot's name, and leave it alone until it is taken.", inner);
}
