using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace SnapshotFunctions.AzureStore.Uploads;

/// <content>Receipts of completed uploads.</content>
public sealed partial class DirectUploads
{
    private const string Receipts = ".receipts/";
    private const int MostReceiptBytes = 64 << 10;

    /// <summary>
    /// Keeps what a completed upload came to, beside the uploads: those are removed when they are
    /// taken in, and who completes one again must be told the same.
    /// </summary>
    public Task KeepReceiptAsync(
        string machine, string snapshot, ReadOnlyMemory<byte> receipt,
        CancellationToken cancellation = default)
    {
        var blob = ReceiptOf(machine, snapshot);
        return RunAsync(blob.Name, async () =>
        {
            await blob.UploadAsync(new BinaryData(receipt), overwrite: true, cancellation);
            return true;
        }, writing: true, cancellation);
    }

    /// <summary>The receipt of a completed upload; null when there is none.</summary>
    public Task<byte[]?> FindReceiptAsync(
        string machine, string snapshot, CancellationToken cancellation = default)
    {
        var blob = ReceiptOf(machine, snapshot);
        return RunAsync(blob.Name, async () =>
        {
            try
            {
                var found = await blob.DownloadContentAsync(
                    new BlobDownloadOptions { Range = new HttpRange(0, MostReceiptBytes) },
                    cancellation);
                return (byte[]?)found.Value.Content.ToArray();
            }
            catch (RequestFailedException error) when (BlobErrors.IsNoSuchBlob(error))
            {
                return null;
            }
        }, writing: false, cancellation);
    }

    private BlobClient ReceiptOf(string machine, string snapshot) =>
        _container.GetBlobClient(Receipts + PrefixOf(machine, snapshot).TrimEnd('/'));
}
