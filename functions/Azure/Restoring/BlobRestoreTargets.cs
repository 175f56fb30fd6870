using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore.Restoring;

/// <summary>
/// Restores into blobs of one container; a target is a blob's name. A disk whose length is known is
/// a page blob: sparse, written anywhere, and written onto later. What is only appended to is a
/// block blob.
/// </summary>
/// <remarks>
/// A page blob's length is a whole number of 512 bytes; a disk's own length stands in its metadata
/// as <c>lengthbytes</c>. A new target is a blob of another name, with its identity in it, until it
/// is complete; then the service copies it under its name, which within one account moves no bytes.
/// </remarks>
public sealed class BlobRestoreTargets : IRestoreTargets
{
    private const string Partial = ".partial";
    private const int IdentityDigits = 16;

    private readonly BlobContainerClient _container;
    private readonly BlobErrors _errors;

    private BlobRestoreTargets(BlobContainerClient container) =>
        (_container, _errors) = (container, BlobAccount.ErrorsOf(container));

    /// <summary>Opens a container, and makes it when it is not there.</summary>
    /// <exception cref="StoreException">The account did not answer, or refused.</exception>
    public static async Task<BlobRestoreTargets> OpenAsync(
        BlobAccount account, string container, CancellationToken cancellation = default) =>
        new(await account.ContainerAsync(container, cancellation));

    /// <inheritdoc/>
    public async ValueTask<string> PrepareAsync(
        RestoreTargetRequest request, CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(request.Target);
        return await TranslatedAsync(
            request,
            () => request.Mode == RestoreMode.Onto
                ? PrepareOntoAsync(request, cancellation)
                : PrepareNewAsync(request, cancellation),
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IRestoreTarget> OpenAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default) =>
        await TranslatedAsync(
            request,
            async () =>
            {
                var found = await FindAsync(NameOf(request, identity), cancellation);
                if (found is null || !BlobTargetMarks.Is(found, identity)) throw Replaced(request);
                return (IRestoreTarget)(found.BlobType == BlobType.Page
                    ? new PageBlobTarget(
                        Page(NameOf(request, identity)), request, BlobTargetMarks.LengthOf(found),
                        _errors)
                    : new BlockBlobTarget(
                        _container.GetBlockBlobClient(NameOf(request, identity)), request,
                        identity, found.ContentLength, _errors));
            },
            cancellation);

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default) =>
        await TranslatedAsync(
            request,
            async () =>
            {
                var name = NameOf(request, identity);
                var found = await FindAsync(name, cancellation);
                if (found is null && await IsCompleteAsync(request, identity, cancellation))
                    return true;
                if (found is null || !BlobTargetMarks.Is(found, identity)) throw Replaced(request);
                CheckLength(request, BlobTargetMarks.LengthOf(found));
                if (request.Mode != RestoreMode.Onto)
                    await PutUnderNameAsync(request, identity, name, cancellation);
                return true;
            },
            cancellation);

    /// <inheritdoc/>
    public async ValueTask AbandonAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default)
    {
        if (request.Mode == RestoreMode.Onto) return;
        await TranslatedAsync(
            request,
            () => _container.GetBlobClient(NameOf(request, identity))
                .DeleteIfExistsAsync(cancellationToken: cancellation),
            cancellation);
    }

    private async Task<string> PrepareNewAsync(
        RestoreTargetRequest request, CancellationToken cancellation)
    {
        if (request.Mode == RestoreMode.New
            && await FindAsync(request.Target, cancellation) is not null) throw Exists(request);
        // An earlier restore's later calls find their blob gone.
        await foreach (var left in _container.GetBlobsAsync(
            BlobTraits.None, BlobStates.None, $"{request.Target}.", cancellation))
        {
            if (left.Name.EndsWith(Partial, StringComparison.Ordinal)
                && left.Name.Length == NameOf(request, new string('0', IdentityDigits)).Length)
            {
                await _container.GetBlobClient(left.Name)
                    .DeleteIfExistsAsync(cancellationToken: cancellation);
            }
        }
        var identity = RandomNumberGenerator.GetHexString(IdentityDigits, lowercase: true);
        var name = NameOf(request, identity);
        var marks = BlobTargetMarks.Of(identity, request.LengthBytes);
        if (request.LengthBytes == 0)
        {
            await _container.GetBlockBlobClient(name).CommitBlockListAsync(
                [], new CommitBlockListOptions { Metadata = marks }, cancellation);
        }
        else
        {
            await Page(name).CreateAsync(
                PageBlobTarget.Rounded(request.LengthBytes),
                new PageBlobCreateOptions { Metadata = marks }, cancellation);
        }
        return identity;
    }

    private async Task<string> PrepareOntoAsync(
        RestoreTargetRequest request, CancellationToken cancellation)
    {
        var found = await FindAsync(request.Target, cancellation) ?? throw new RestoreTargetException(
            "missing", request.Target, "There is no such blob to write onto: restore a new one.");
        if (found.BlobType != BlobType.Page)
        {
            throw new RestoreTargetException(
                "denied", request.Target,
                "Only a page blob can be written onto, as a raw restore makes one; this is a "
                + $"{found.BlobType} blob.");
        }
        var length = BlobTargetMarks.LengthOf(found);
        if (request.KnownLengthBytes is { } known && length != known
            && length != request.LengthBytes)
        {
            throw new RestoreTargetException(
                "length", request.Target,
                $"It has {length} bytes; the version it is trusted to hold has {known}.");
        }
        var identity = BlobTargetMarks.IdentityOf(found)
            ?? RandomNumberGenerator.GetHexString(IdentityDigits, lowercase: true);
        var blob = Page(request.Target);
        if (length != request.LengthBytes)
        {
            // Shorter first and back: what lies behind a shorter disk's end must read as zeros.
            if (length > request.LengthBytes)
                await PageBlobTarget.CutAsync(blob, request.LengthBytes, length, cancellation);
            await blob.ResizeAsync(
                PageBlobTarget.Rounded(request.LengthBytes), cancellationToken: cancellation);
        }
        await blob.SetMetadataAsync(
            BlobTargetMarks.Of(identity, request.LengthBytes), cancellationToken: cancellation);
        return identity;
    }

    private async Task PutUnderNameAsync(
        RestoreTargetRequest request, string identity, string name, CancellationToken cancellation)
    {
        var target = _container.GetBlobClient(request.Target);
        try
        {
            var copy = await target.StartCopyFromUriAsync(
                _container.GetBlobClient(name).Uri,
                new BlobCopyFromUriOptions
                {
                    Metadata = BlobTargetMarks.Of(identity, request.LengthBytes),
                    DestinationConditions = request.Mode == RestoreMode.New
                        ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                        : null,
                },
                cancellation);
            await BlobCopies.EndAsync(copy, request.Target, cancellation);
        }
        catch (RequestFailedException answer) when (answer.Status is 409 or 412)
        {
            // An earlier run's copy stands there, or is on its way; or it is somebody else's.
            var found = await FindAsync(request.Target, cancellation);
            if (found is null || !BlobTargetMarks.Is(found, identity)) throw Exists(request, answer);
            if (found.BlobCopyStatus is not (CopyStatus.Success or null))
                throw new StoreBusyException(request.Target, $"its copy is {found.BlobCopyStatus}");
        }
        await _container.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellation);
    }

    private async Task<bool> IsCompleteAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation) =>
        await FindAsync(request.Target, cancellation) is { } found
        && BlobTargetMarks.Is(found, identity)
        && found.BlobCopyStatus is (null or CopyStatus.Success);

    private async Task<BlobProperties?> FindAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return (await _container.GetBlobClient(name)
                .GetPropertiesAsync(cancellationToken: cancellation)).Value;
        }
        catch (RequestFailedException answer) when (BlobErrors.IsNoSuchBlob(answer))
        {
            return null;
        }
    }

    private Task<T> TranslatedAsync<T>(
        RestoreTargetRequest request, Func<Task<T>> action, CancellationToken cancellation) =>
        _errors.RunAsync(request.Target, writing: false, action, cancellation);

    private PageBlobClient Page(string name) => _container.GetPageBlobClient(name);

    private static string NameOf(RestoreTargetRequest request, string identity) =>
        request.Mode == RestoreMode.Onto ? request.Target : $"{request.Target}.{identity}{Partial}";

    private static void CheckLength(RestoreTargetRequest request, long found)
    {
        if (found == request.LengthBytes) return;
        throw new RestoreTargetException(
            "length", request.Target,
            $"It came to {found} bytes instead of {request.LengthBytes}: restore it again.");
    }

    private static RestoreTargetException Exists(
        RestoreTargetRequest request, Exception? inner = null) => new(
        "exists", request.Target, "It is there already: name another one, or overwrite it.", inner);

    private static RestoreTargetException Replaced(RestoreTargetRequest request) => new(
        "replaced", request.Target, "Another restore has taken its place, or it is gone.");
}
