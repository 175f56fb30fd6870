using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore.Uploads;

/// <summary>A blob, read by ranges under the ETag that it had when it was opened.</summary>
internal sealed class BlobByteSource(
    BlobClient blob, string name, long lengthBytes, ETag etag, BlobErrors errors) : IByteSource
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public long LengthBytes => lengthBytes;

    /// <inheritdoc/>
    public string Identity { get; } = BlobAccount.Text(etag);

    /// <inheritdoc/>
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        if (offset < 0 || offset > lengthBytes - destination.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"{name} holds {lengthBytes} bytes.");
        }
        if (destination.IsEmpty) return;
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(offset, destination.Length),
            Conditions = new BlobRequestConditions { IfMatch = etag },
        };
        try
        {
            using var answer = (await blob.DownloadStreamingAsync(options, cancellation)).Value;
            var got = await answer.Content.ReadAtLeastAsync(
                destination, destination.Length, throwOnEndOfStream: false, cancellation);
            if (got == destination.Length) return;
            throw new StoreBusyException(
                blob.Name, $"the answer ended after {got} of {destination.Length} bytes");
        }
        catch (RequestFailedException answer) when (
            answer.Status == 412 || BlobErrors.IsNoSuchBlob(answer))
        {
            throw BlobSourceOpener.Changed(
                blob.Name, $"the upload as first seen ({Identity})",
                answer.Status == 412 ? "another state" : "no such blob", answer);
        }
        catch (Exception error) when (BlobErrors.Knows(error))
        {
            throw errors.Translate(error, blob.Name, writing: false, cancellation);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A block blob knows no holes: the whole rest may hold data.</remarks>
    public ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default) =>
        ValueTask.FromResult<ByteRange?>(offset < end ? new ByteRange(offset, end) : null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
