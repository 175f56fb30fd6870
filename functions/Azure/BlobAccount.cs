using Azure;
using Azure.Storage.Blobs;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore;

/// <summary>One account whose containers are used as they are: uploads, restored disks.</summary>
public sealed class BlobAccount
{
    private readonly BlobServiceClient _account;

    private BlobAccount(BlobServiceClient account) => _account = account;

    /// <summary>Opens an account.</summary>
    /// <param name="setting">Its URL, or a connection string.</param>
    /// <param name="options">Retries and the like, or null.</param>
    /// <exception cref="RefusedException">The setting is malformed.</exception>
    public static BlobAccount Open(string setting, AzureStoreOptions? options = null) =>
        new(AzureAccount.Parse(setting.Trim()).Connect(options ?? new AzureStoreOptions()));

    /// <summary>A container, made when it is not there.</summary>
    /// <exception cref="RefusedException">Azure takes no such container name.</exception>
    /// <exception cref="StoreException">The account did not answer, or refused.</exception>
    internal async Task<BlobContainerClient> ContainerAsync(
        string name, CancellationToken cancellation)
    {
        if (!ContainerNames.IsName(name))
            throw AzureAccount.Malformed($"'{name}' is no container: {ContainerNames.Rule}");
        var container = _account.GetBlobContainerClient(name);
        var errors = ErrorsOf(container);
        try
        {
            // Asked for first: an identity may be let use containers and not make them.
            if (!await container.ExistsAsync(cancellation))
                await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
            return container;
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw errors.Translate(error, name, writing: false, cancellation);
        }
    }

    /// <summary>How a container's errors are told.</summary>
    internal static BlobErrors ErrorsOf(BlobContainerClient container) =>
        new($"container '{container.Name}' at {container.Uri.GetLeftPart(UriPartial.Path)}");

    /// <summary>An ETag as text, without its quotes.</summary>
    internal static string Text(ETag etag) => etag.ToString().Trim('"');
}
