using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore.Uploads;

/// <summary>
/// Where bad uploads are put: <c>{machine}/{snapshot}/</c> with a <c>reason.json</c>. Order, each
/// with what a crash after it leaves: the reason (a folder that the same upload goes on with); a
/// copy (made again); the original's removal (the file is aside).
/// </summary>
internal sealed class BlobQuarantine(BlobContainerClient incoming, BlobContainerClient quarantine)
{
    private const string ReasonName = "reason.json";
    private const string NoName = "unnamed";
    private const int MostReasonBytes = 64 << 10;

    private readonly BlobErrors _errors = BlobAccount.ErrorsOf(quarantine);

    /// <summary>Puts an upload aside, or goes on with it.</summary>
    public async Task<string> PutAsync(
        Upload upload, QuarantineReason reason, CancellationToken cancellation)
    {
        try
        {
            var folder = await TakeFolderAsync(upload, reason, cancellation);
            foreach (var file in upload.Files)
                await MoveAsync(file, folder, cancellation);
            return $"{quarantine.Name}/{folder}";
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, upload.Path, writing: true, cancellation);
        }
    }

    /// <summary>Whether anything of a machine was put aside after a time.</summary>
    public async Task<bool> HasSinceAsync(
        string machine, DateTimeOffset since, CancellationToken cancellation)
    {
        try
        {
            await foreach (var item in quarantine.GetBlobsAsync(
                BlobTraits.None, BlobStates.None, $"{machine}/", cancellation))
            {
                if (item.Name.EndsWith($"/{ReasonName}", StringComparison.Ordinal)
                    && item.Properties.LastModified > since) return true;
            }
            return false;
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw _errors.Translate(error, machine, writing: false, cancellation);
        }
    }

    /// <summary>A second bad upload of one name keeps the first: it gets a folder of its own.</summary>
    private async Task<string> TakeFolderAsync(
        Upload upload, QuarantineReason reason, CancellationToken cancellation)
    {
        var place = $"{Safe(upload.Machine)}/{Safe(upload.Snapshot ?? NoName)}";
        var content = JsonSerializer.SerializeToUtf8Bytes(
            reason, IntakeJson.Default.QuarantineReason);
        for (var again = 1; ; again++)
        {
            var folder = again == 1 ? $"{place}/" : $"{place}.{again}/";
            var blob = quarantine.GetBlockBlobClient($"{folder}{ReasonName}");
            try
            {
                using var stream = new MemoryStream(content);
                await blob.UploadAsync(
                    stream,
                    new BlobUploadOptions
                    {
                        Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                        HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
                    },
                    cancellation);
                return folder;
            }
            catch (RequestFailedException answer) when (answer.Status is 409 or 412)
            {
                if (await HoldsAsync(blob, content, cancellation)) return folder;
            }
        }
    }

    private static async Task<bool> HoldsAsync(
        BlockBlobClient blob, byte[] content, CancellationToken cancellation)
    {
        try
        {
            var found = await blob.DownloadContentAsync(
                new BlobDownloadOptions { Range = new HttpRange(0, MostReasonBytes) }, cancellation);
            return found.Value.Content.ToMemory().Span.SequenceEqual(content);
        }
        catch (RequestFailedException answer) when (BlobErrors.IsNoSuchBlob(answer))
        {
            return false;
        }
    }

    private async Task MoveAsync(
        UploadedFile file, string folder, CancellationToken cancellation)
    {
        var (name, etag) = UploadText.Parse(file.Source);
        var to = string.Equals(file.Name, ReasonName, StringComparison.Ordinal)
            ? $"{file.Name}.uploaded"
            : file.Name;
        var from = incoming.GetBlobClient(name);
        var state = new ETag(etag!);
        try
        {
            var copy = await quarantine.GetBlobClient($"{folder}{to}").StartCopyFromUriAsync(
                from.Uri,
                new BlobCopyFromUriOptions
                {
                    SourceConditions = new BlobRequestConditions { IfMatch = state },
                },
                cancellation);
            await BlobCopies.EndAsync(copy, name, cancellation);
            await from.DeleteIfExistsAsync(
                DeleteSnapshotsOption.IncludeSnapshots,
                new BlobRequestConditions { IfMatch = state }, cancellation);
        }
        catch (RequestFailedException answer) when (answer.Status is 404 or 412)
        {
            // Moved by an earlier run, or uploaded anew: that one is looked at by itself.
        }
    }

    /// <summary>A folder's name can hold anything; this one is shown.</summary>
    private static string Safe(string name) => ObjectNames.IsName(name)
        ? name
        : $"{NoName}-{Hash256.Of(Encoding.UTF8.GetBytes(name)).ToString()[..12]}";
}
