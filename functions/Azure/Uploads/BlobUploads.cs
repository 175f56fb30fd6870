using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore.Uploads;

/// <summary>
/// Uploads that are blobs of one container; bad ones are put into another one of the same account.
/// </summary>
public sealed class BlobUploads : IIncomingUploads
{
    private readonly BlobContainerClient _incoming;
    private readonly BlobQuarantine _quarantine;
    private readonly BlobErrors _errors;

    private BlobUploads(BlobContainerClient incoming, BlobQuarantine quarantine)
    {
        (_incoming, _quarantine) = (incoming, quarantine);
        _errors = BlobAccount.ErrorsOf(incoming);
    }

    /// <summary>Opens both containers, and makes those that are not there.</summary>
    /// <exception cref="StoreException">The account did not answer, or refused.</exception>
    public static async Task<BlobUploads> OpenAsync(
        BlobAccount account, string incoming, string quarantine,
        CancellationToken cancellation = default)
    {
        var from = await account.ContainerAsync(incoming, cancellation);
        var to = await account.ContainerAsync(quarantine, cancellation);
        return new BlobUploads(from, new BlobQuarantine(from, to));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Upload> ListAsync(
        string? machine, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        List<UploadedFile> files = [];
        var gathers = false;
        (string Machine, string Snapshot)? folder = null;
        await foreach (var item in BlobsAsync(machine, cancellation))
        {
            var parts = item.Name.Split('/', 3);
            if (parts[0].StartsWith('.')) continue;
            var at = parts.Length == 3 ? ((string, string)?)(parts[0], parts[1]) : null;
            if (folder is { } ended && at != folder)
            {
                if (files.Count > 0)
                    yield return Gathered(ended.Machine, ended.Snapshot, files, gathers);
                files = [];
            }
            if (at != folder) gathers = false;
            folder = at;
            if (at is not null && string.Equals(
                parts[2], DirectUploads.GatheringName, StringComparison.Ordinal))
            {
                gathers = true;
                continue;
            }
            if (at is null)
                yield return new Upload(parts[0], null, item.Name, [FileOf(item, parts[^1])]);
            else
                files.Add(FileOf(item, parts[2]));
        }
        if (folder is { } last && files.Count > 0)
            yield return Gathered(last.Machine, last.Snapshot, files, gathers);
    }

    /// <inheritdoc/>
    public async Task<string> PutAsideAsync(
        Upload upload, QuarantineReason reason, CancellationToken cancellation = default)
    {
        var place = await _quarantine.PutAsync(upload, reason, cancellation);
        await RemoveMarkAsync(upload, cancellation);
        return place;
    }

    /// <inheritdoc/>
    public Task<bool> HasPutAsideSinceAsync(
        string machine, DateTimeOffset since, CancellationToken cancellation = default) =>
        _quarantine.HasSinceAsync(machine, since, cancellation);

    /// <inheritdoc/>
    public async Task RemoveAsync(Upload upload, CancellationToken cancellation = default)
    {
        foreach (var file in upload.Files)
        {
            var (name, etag) = UploadText.Parse(file.Source);
            try
            {
                await _incoming.GetBlobClient(name).DeleteIfExistsAsync(
                    DeleteSnapshotsOption.IncludeSnapshots,
                    new BlobRequestConditions { IfMatch = new ETag(etag!) }, cancellation);
            }
            catch (RequestFailedException answer) when (answer.Status == 412)
            {
                // Uploaded anew meanwhile: that one is looked at next.
            }
            catch (Exception error) when (BlobErrors.Knows(error))
            {
                throw _errors.Translate(error, name, writing: true, cancellation);
            }
        }
        await RemoveMarkAsync(upload, cancellation);
    }

    /// <summary>
    /// Last: files that are left without the mark would look like an upload that nothing binds.
    /// </summary>
    private async Task RemoveMarkAsync(Upload upload, CancellationToken cancellation)
    {
        if (upload.Snapshot is null) return;
        var name = $"{upload.Path}{DirectUploads.GatheringName}";
        try
        {
            await _incoming.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellation);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, name, writing: true, cancellation);
        }
    }

    private static Upload Gathered(
        string machine, string snapshot, List<UploadedFile> files, bool gathers) =>
        new(machine, snapshot, $"{machine}/{snapshot}/", files) { IsGathered = gathers };

    private static UploadedFile FileOf(BlobItem item, string name)
    {
        var etag = BlobAccount.Text(item.Properties.ETag.GetValueOrDefault());
        // Deeper than a snapshot's folder lies nothing that is one of its files.
        return new UploadedFile(
            name, UploadText.Of(item.Name, etag), item.Properties.ContentLength ?? 0,
            item.Properties.LastModified ?? default, name.Contains('/', StringComparison.Ordinal),
            etag);
    }

    private async IAsyncEnumerable<BlobItem> BlobsAsync(
        string? machine, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // No slash behind it: a file that bears a machine's name lies where none belongs.
        await using var items = _incoming
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, machine, cancellation)
            .GetAsyncEnumerator(cancellation);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync()) yield break;
            }
            catch (Exception error) when (BlobErrors.Knows(error))
            {
                throw _errors.Translate(error, machine ?? "/", writing: false, cancellation);
            }
            var name = items.Current.Name;
            if (machine is null || (name.StartsWith(machine, StringComparison.Ordinal)
                && (name.Length == machine.Length || name[machine.Length] == '/')))
                yield return items.Current;
        }
    }
}
