using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;
using SnapshotFunctions.Http.Uploads;

namespace SnapshotFunctions.Http.Mounts;

/// <summary>
/// Reads what a PUT writes to a disk: which bytes, and then the bytes, all of them before the first
/// is stored, so that a request which is wrong or cut off changes nothing.
/// </summary>
internal static class MountBody
{
    /// <summary>Which bytes of the disk the request brings.</summary>
    /// <exception cref="RefusedException">
    /// The range is missing, malformed, not on the disk, or not what the body has.
    /// </exception>
    public static ByteRange RangeOf(HttpRequest request, long sizeBytes, int mostBytes)
    {
        if (request.Headers.ContentRange.Count == 0)
            throw ApiCall.Refused(
                "Content-Range", $"as 'bytes 0-4095/{sizeBytes}'", "none");
        // Which end is too far depends on the disk and is told below.
        var piece = UploadPieces.Of(request, long.MaxValue);
        var range = new ByteRange(piece.Offset, piece.Offset + piece.LengthBytes!.Value);
        if (piece.TotalBytes is { } total && total != sizeBytes)
            throw new RefusedException(
                "range",
                $"Content-Range tells of a disk of {total} bytes; this one has {sizeBytes}.");
        if (range.End > sizeBytes || range.End <= range.Offset)
            throw new RefusedException(
                "range",
                $"Content-Range ends at byte {range.End - 1}; the disk has {sizeBytes} bytes.");
        return range.Length <= mostBytes ? range : throw new RefusedException(
            "body-length",
            $"One request writes at most {mostBytes} bytes, and this one {range.Length}: send it in "
            + "pieces.");
    }

    /// <summary>Fills the destination with the body, which must be just as long.</summary>
    /// <exception cref="RefusedException">
    /// Reason "body-short" or "body-length": it is shorter, longer, or comes too slowly.
    /// </exception>
    public static async Task ReadAsync(
        ApiCall call, Memory<byte> destination, ApiOptions options, TimeProvider time)
    {
        var allowed = options.TimeFor(destination.Length);
        using var late = new CancellationTokenSource(allowed, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            late.Token, call.Cancellation);
        try
        {
            var read = await call.Request.Body.ReadAtLeastAsync(
                destination, destination.Length, throwOnEndOfStream: false, either.Token);
            if (read < destination.Length)
                throw Short($"ends after {read}");
            if (await call.Request.Body.ReadAsync(new byte[1], either.Token) > 0)
                throw Short("is longer");
        }
        catch (OperationCanceledException)
            when (late.IsCancellationRequested && !call.Cancellation.IsCancellationRequested)
        {
            // Others wait for the memory that is held for it.
            throw Short($"did not come within {allowed.TotalSeconds:0} seconds");
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            throw Short($"was cut off: {error.Message}");
        }

        RefusedException Short(string how) => new(
            "body-short",
            $"Content-Range tells {destination.Length} bytes, and the body {how}. Nothing was "
            + "written.");
    }
}
