using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Uploads;

/// <summary>Reads from a request's headers where its bytes belong.</summary>
public static class UploadPieces
{
    private const string Expected = "as 'bytes 0-1023/4096' or 'bytes 0-1023/*'";

    /// <summary>
    /// The piece that a PUT brings: with Content-Range that part of the file; without, the whole.
    /// </summary>
    /// <exception cref="RefusedException">
    /// The headers are malformed, contradict each other, or tell more than a file may have.
    /// </exception>
    public static UploadPiece Of(HttpRequest request, long mostBytes)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw ApiCall.Refused(
                "Content-Encoding", "none", $"{request.Headers.ContentEncoding}");
        }
        var piece = request.Headers.ContentRange.Count == 0
            ? new UploadPiece(0, request.ContentLength, request.ContentLength)
            : Part(request);
        var end = piece.TotalBytes ?? piece.Offset + (piece.LengthBytes ?? 0);
        return end <= mostBytes ? piece : throw TooLong(end, mostBytes);
    }

    /// <summary>The refusal of a file that is too long.</summary>
    public static RefusedException TooLong(long lengthBytes, long mostBytes) => new(
        "body-length", $"The file has {lengthBytes} bytes; at most {mostBytes} are taken.");

    private static UploadPiece Part(HttpRequest request)
    {
        var text = request.Headers.ContentRange.ToString();
        if (request.Headers.ContentRange.Count > 1
            || !ContentRangeHeaderValue.TryParse(text, out var range)
            || !string.Equals(range.Unit, "bytes", StringComparison.OrdinalIgnoreCase)
            || range is not { From: { } from, To: { } to }
            || to == long.MaxValue)
            throw ApiCall.Refused("Content-Range", Expected, text);
        var length = to - from + 1;
        if (request.ContentLength is { } body && body != length)
        {
            throw new RefusedException(
                "upload-length",
                $"Content-Range tells {length} bytes and Content-Length {body}: they must be equal. "
                + "Nothing was kept.");
        }
        return new UploadPiece(from, length, range.Length);
    }
}
