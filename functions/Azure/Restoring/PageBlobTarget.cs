using System.Buffers;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore.Restoring;

/// <summary>A target that is a page blob. A page that is written in part is read and written.</summary>
internal sealed class PageBlobTarget(
    PageBlobClient blob, RestoreTargetRequest request, long lengthBytes, BlobErrors errors)
    : IRestoreTarget
{
    private const int PageBytes = 512;
    private const int MostWriteBytes = 4 << 20;

    /// <inheritdoc/>
    public long LengthBytes => lengthBytes;

    /// <summary>A length in whole pages.</summary>
    public static long Rounded(long lengthBytes) =>
        (lengthBytes + PageBytes - 1) / PageBytes * PageBytes;

    /// <summary>Makes what lies between two lengths zeros, as far as the shorter one keeps it.</summary>
    public static async Task CutAsync(
        PageBlobClient blob, long to, long from, CancellationToken cancellation)
    {
        var end = Math.Min(Rounded(to), from);
        if (end <= to) return;
        var page = new byte[PageBytes];
        var start = to / PageBytes * PageBytes;
        await ReadAsync(blob, start, page, cancellation);
        page.AsSpan((int)(to - start)).Clear();
        using var content = new MemoryStream(page);
        await blob.UploadPagesAsync(content, start, cancellationToken: cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        if (destination.IsEmpty) return;
        await TranslatedAsync(
            () => ReadAsync(blob, offset, destination, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default)
    {
        if (offset >= end) return null;
        ByteRange? found = null;
        await TranslatedAsync(
            async () =>
            {
                var start = offset / PageBytes * PageBytes;
                var options = new GetPageRangesOptions
                {
                    Range = new HttpRange(start, Rounded(end) - start),
                };
                await foreach (var item in blob.GetAllPageRangesAsync(options, cancellation))
                {
                    if (item.IsClear) continue;
                    var first = Math.Max(item.Range.Offset, offset);
                    var last = Math.Min(item.Range.Offset + item.Range.Length!.Value, end);
                    if (first >= last) continue;
                    found = new ByteRange(first, last);
                    return;
                }
            },
            cancellation);
        return found;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var at = offset + done;
            // Writes end at whole multiples of the most that one takes, so that pieces are aligned.
            var piece = (int)Math.Min(
                MostWriteBytes - (at % MostWriteBytes), bytes.Length - done);
            var part = bytes.Slice(done, piece);
            await TranslatedAsync(() => WritePieceAsync(at, part, cancellation), cancellation);
            done += piece;
        }
    }

    /// <inheritdoc/>
    public async ValueTask ZeroAsync(
        long offset, long lengthBytes, CancellationToken cancellation = default)
    {
        var end = offset + lengthBytes;
        // The last page of the disk is the disk's whole.
        var first = Rounded(offset);
        var last = end >= LengthBytes ? Rounded(end) : end / PageBytes * PageBytes;
        if (first >= last)
        {
            await WriteAsync(offset, new byte[lengthBytes], cancellation);
            return;
        }
        if (offset < first)
            await WriteAsync(offset, new byte[first - offset], cancellation);
        if (last < end)
            await WriteAsync(last, new byte[end - last], cancellation);
        await TranslatedAsync(
            () => blob.ClearPagesAsync(
                new HttpRange(first, last - first), cancellationToken: cancellation),
            cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>A write that was answered is durable.</remarks>
    public ValueTask FlushAsync(CancellationToken cancellation = default) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WritePieceAsync(
        long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var start = offset / PageBytes * PageBytes;
        var length = (int)(Rounded(offset + bytes.Length) - start);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var whole = buffer.AsMemory(0, length);
            if (offset > start) await ReadAsync(blob, start, whole[..PageBytes], cancellation);
            var tail = length - PageBytes;
            if (offset + bytes.Length < start + length && (tail > 0 || offset == start))
                await ReadAsync(blob, start + tail, whole[tail..], cancellation);
            bytes.CopyTo(whole[(int)(offset - start)..]);
            using var content = new MemoryStream(buffer, 0, length, writable: false);
            await blob.UploadPagesAsync(content, start, cancellationToken: cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task ReadAsync(
        PageBlobClient blob, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(offset, destination.Length),
        };
        using var answer = (await blob.DownloadStreamingAsync(options, cancellation)).Value;
        var got = await answer.Content.ReadAtLeastAsync(
            destination, destination.Length, throwOnEndOfStream: false, cancellation);
        if (got < destination.Length)
        {
            throw new StoreBusyException(
                blob.Name, $"the answer ended after {got} of {destination.Length} bytes");
        }
    }

    private Task TranslatedAsync(Func<Task> action, CancellationToken cancellation) =>
        TargetErrors.RunAsync(errors, request, action, cancellation);
}
