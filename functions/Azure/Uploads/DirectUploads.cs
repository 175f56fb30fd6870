using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore.Uploads;

/// <summary>
/// Uploads that clients send to the container themselves, as <c>{machine}/{snapshot}/{file}</c>:
/// hands out leave for one blob at a time, and binds a snapshot with the note that is written last.
/// Thread-safe.
/// </summary>
public sealed partial class DirectUploads
{
    /// <summary>The note that binds a snapshot.</summary>
    public const string NoteName = "snapshot.json";

    /// <summary>
    /// The mark of an upload whose files come one by one, written before the first leave is handed
    /// out: without it the first disk to arrive would be taken for the whole.
    /// </summary>
    public const string GatheringName = ".gathering";

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly BlobServiceClient _account;
    private readonly BlobContainerClient _container;
    private readonly BlobErrors _errors;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private UserDelegationKey? _key;

    private DirectUploads(BlobContainerClient container, TimeSpan lifetime, TimeProvider time)
    {
        (_container, _time, _lifetime) = (container, time, lifetime);
        _account = container.GetParentBlobServiceClient();
        _errors = BlobAccount.ErrorsOf(container);
    }

    /// <summary>Opens the container, and makes it when it is not there.</summary>
    /// <param name="setting">One account, as <see cref="AzureStoreSettings"/> reads it.</param>
    /// <param name="container">The container that uploads arrive in.</param>
    /// <param name="lifetime">How long a leave lasts; an hour by default.</param>
    /// <param name="options">How the account is reached, or null.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="RefusedException">The setting or the name is malformed.</exception>
    /// <exception cref="StoreException">The account did not answer, or refused.</exception>
    public static async Task<DirectUploads> OpenAsync(
        string setting, string container = "incoming", TimeSpan? lifetime = null,
        AzureStoreOptions? options = null, TimeProvider? time = null,
        CancellationToken cancellation = default)
    {
        var opened = await BlobAccount.Open(setting, options)
            .ContainerAsync(container, cancellation);
        return new DirectUploads(
            opened, lifetime ?? TimeSpan.FromHours(1), time ?? TimeProvider.System);
    }

    /// <summary>
    /// Leave to create and write one blob, and nothing else: no reading, listing or deleting. It is
    /// signed with the caller's identity where there is one, else with the account's key; https is
    /// asked for unless the account itself is reached without, as an emulator is.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="file">The file's name, such as <c>disk0.qcow2</c>.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="RefusedException">
    /// The snapshot was bound before ("upload-taken"), or a name is none.
    /// </exception>
    public async Task<BlobGrant> GrantAsync(
        string machine, string snapshot, string file, CancellationToken cancellation = default)
    {
        var name = NameOf(machine, snapshot, file);
        if (string.Equals(file, NoteName, StringComparison.Ordinal))
            throw new RefusedException("name", $"'{NoteName}' is written by the host alone.");
        return await RunAsync(name, async () =>
        {
            if (await BlobOf(machine, snapshot, NoteName).ExistsAsync(cancellation))
            {
                throw new RefusedException(
                    "upload-taken",
                    $"The upload of snapshot '{snapshot}' of '{machine}' was completed.");
            }
            await MarkAsync(machine, snapshot, cancellation);
            var blob = _container.GetBlobClient(name);
            var now = _time.GetUtcNow();
            var expires = now + _lifetime;
            // Signed from a little earlier on: clocks differ.
            var sas = new BlobSasBuilder(
                BlobSasPermissions.Create | BlobSasPermissions.Write, expires)
            {
                BlobContainerName = _container.Name,
                BlobName = name,
                Resource = "b",
                StartsOn = now - Skew,
                Protocol = IsSecure ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
            };
            if (blob.CanGenerateSasUri) return new BlobGrant(blob.GenerateSasUri(sas), expires);
            var key = await KeyAsync(expires, cancellation);
            var signed = new BlobUriBuilder(blob.Uri)
            {
                Sas = sas.ToSasQueryParameters(key, _account.AccountName),
            };
            return new BlobGrant(signed.ToUri(), expires);
        }, writing: false, cancellation);
    }

    /// <summary>What lies under a snapshot's name, in order of names; the note too.</summary>
    public Task<IReadOnlyList<UploadedBlob>> ListAsync(
        string machine, string snapshot, CancellationToken cancellation = default)
    {
        var prefix = PrefixOf(machine, snapshot);
        return RunAsync<IReadOnlyList<UploadedBlob>>(prefix, async () =>
        {
            var found = new List<UploadedBlob>();
            var options = new GetBlobsOptions { Prefix = prefix };
            await foreach (var blob in _container.GetBlobsAsync(options, cancellation))
            {
                if (string.Equals(
                    blob.Name[prefix.Length..], GatheringName, StringComparison.Ordinal)) continue;
                found.Add(new UploadedBlob(
                    blob.Name[prefix.Length..], blob.Properties.ContentLength ?? 0,
                    blob.Properties.LastModified ?? default,
                    blob.Properties.ETag is { } etag ? BlobAccount.Text(etag) : string.Empty));
            }
            return found;
        }, writing: false, cancellation);
    }

    /// <summary>
    /// Binds a snapshot by writing its note, if it has none. False when it has the same one already.
    /// </summary>
    /// <exception cref="RefusedException">"upload-taken": it was bound with another note.</exception>
    public Task<bool> BindAsync(
        string machine, string snapshot, ReadOnlyMemory<byte> note,
        CancellationToken cancellation = default)
    {
        var blob = BlobOf(machine, snapshot, NoteName);
        return RunAsync(blob.Name, async () =>
        {
            try
            {
                await blob.UploadAsync(
                    new BinaryData(note),
                    new BlobUploadOptions
                    {
                        Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                        HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
                    },
                    cancellation);
                return true;
            }
            catch (RequestFailedException error) when (error.Status is 409 or 412)
            {
                var standing = await blob.DownloadContentAsync(cancellation);
                if (standing.Value.Content.ToMemory().Span.SequenceEqual(note.Span)) return false;
                throw new RefusedException(
                    "upload-taken",
                    $"The upload of snapshot '{snapshot}' of '{machine}' was completed with other "
                    + "disks, files, parent or label.");
            }
        }, writing: true, cancellation);
    }

    /// <summary>
    /// Removes what lies under a snapshot's name, or one file of it; false when there was nothing.
    /// A leave that has not ended can still bring the blob back: what was never bound is swept with
    /// the container's own rule for old blobs.
    /// </summary>
    /// <exception cref="RefusedException">"upload-taken": it was bound.</exception>
    public async Task<bool> RemoveAsync(
        string machine, string snapshot, string? file = null,
        CancellationToken cancellation = default)
    {
        var blobs = await ListAsync(machine, snapshot, cancellation);
        if (blobs.Any(b => string.Equals(b.Name, NoteName, StringComparison.Ordinal)))
        {
            throw new RefusedException(
                "upload-taken",
                $"The upload of snapshot '{snapshot}' of '{machine}' was completed.");
        }
        var removed = false;
        foreach (var blob in blobs)
        {
            if (file is not null && !string.Equals(blob.Name, file, StringComparison.Ordinal)) continue;
            var name = PrefixOf(machine, snapshot) + blob.Name;
            removed |= await RunAsync(
                name,
                async () => (await _container.GetBlobClient(name)
                    .DeleteIfExistsAsync(cancellationToken: cancellation)).Value,
                writing: true, cancellation);
        }
        if (file is null)
        {
            // Last: a single disk that is left without the mark would be taken for the whole.
            var mark = PrefixOf(machine, snapshot) + GatheringName;
            await RunAsync(
                mark,
                async () => (await _container.GetBlobClient(mark)
                    .DeleteIfExistsAsync(cancellationToken: cancellation)).Value,
                writing: true, cancellation);
        }
        return removed;
    }

    private bool IsSecure =>
        string.Equals(_container.Uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);

    private async Task MarkAsync(
        string machine, string snapshot, CancellationToken cancellation)
    {
        try
        {
            await _container.GetBlobClient(PrefixOf(machine, snapshot) + GatheringName).UploadAsync(
                BinaryData.Empty,
                new BlobUploadOptions
                {
                    Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                },
                cancellation);
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            // An earlier leave has brought it.
        }
    }

    private BlobClient BlobOf(string machine, string snapshot, string file) =>
        _container.GetBlobClient(NameOf(machine, snapshot, file));

    private static string NameOf(string machine, string snapshot, string file) =>
        PrefixOf(machine, snapshot) + (IsImage(file) ? file : ObjectNames.CheckFileName(file));

    /// <summary>A disk's name and an ending, which together may be longer than a file's name.</summary>
    private static bool IsImage(string file)
    {
        var dot = file.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && ObjectNames.IsName(file[..dot]) && ObjectNames.IsName(file[(dot + 1)..]);
    }

    private static string PrefixOf(string machine, string snapshot) =>
        $"{ObjectNames.CheckName("machine", machine)}/{ObjectNames.CheckName("snapshot", snapshot)}/";

    /// <summary>A key of the caller's identity that lasts at least so long; asked for rarely.</summary>
    private async Task<UserDelegationKey> KeyAsync(
        DateTimeOffset until, CancellationToken cancellation)
    {
        // Two callers may both ask; either key is as good.
        if (Volatile.Read(ref _key) is { } known && known.SignedExpiresOn >= until) return known;
        UserDelegationKey key = await _account.GetUserDelegationKeyAsync(
            _time.GetUtcNow() - Skew, until + _lifetime, cancellation);
        Volatile.Write(ref _key, key);
        return key;
    }

    private Task<T> RunAsync<T>(
        string name, Func<Task<T>> action, bool writing, CancellationToken cancellation) =>
        _errors.RunAsync(name, writing, action, cancellation);
}
