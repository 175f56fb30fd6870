using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Disks;

/// <summary>The headers of answers about one disk at one version.</summary>
/// <param name="disk">The disk.</param>
/// <param name="now">The time.</param>
internal sealed class DiskAnswer(OpenDisk disk, DateTimeOffset now)
{
    /// <summary>What a disk's bytes are.</summary>
    public const string MediaType = "application/octet-stream";

    // Numbers of versions are never given again: what a client has of one it has for good. The
    // content is for those who may ask for it, so that no cache between keeps it.
    private const string Immutable = "private, max-age=31536000, immutable";

    /// <summary>
    /// When the bytes came to be; null for what is written to, and under <c>latest</c>: versions may come with any time, and
    /// the newest may be taken back, so that a date tells nothing about which one it was.
    /// </summary>
    public DateTimeOffset? Modified => disk.Freshness is not DiskFreshness.Fixed ? null
        : HttpDates.Seconds(disk.Version.Time < now ? disk.Version.Time : now);

    /// <summary>What every answer has, a 304 too.</summary>
    public void State(HttpResponse response)
    {
        if (disk.Tag is { } tag) response.Headers.ETag = tag.ToString();
        response.Headers.CacheControl = disk.Freshness switch
        {
            DiskFreshness.Fixed => Immutable,
            DiskFreshness.Latest => "private, no-cache",
            _ => "no-store",
        };
        if (disk.Freshness is DiskFreshness.Latest) response.Headers.ContentLocation = disk.Path;
    }

    /// <summary>200: all of it.</summary>
    public void Whole(HttpResponse response)
    {
        Describe(response);
        response.ContentType = MediaType;
        response.ContentLength = disk.SizeBytes;
    }

    /// <summary>206 with one range.</summary>
    public void Part(HttpResponse response, ByteRange range)
    {
        Describe(response);
        response.StatusCode = StatusCodes.Status206PartialContent;
        response.ContentType = MediaType;
        response.Headers.ContentRange = Multipart.ContentRange(range, disk.SizeBytes);
        response.ContentLength = range.Length;
    }

    /// <summary>206 with several ranges; each part has its own Content-Range.</summary>
    public void Parts(HttpResponse response, IReadOnlyList<ByteRange> ranges, Multipart frame)
    {
        Describe(response);
        response.StatusCode = StatusCodes.Status206PartialContent;
        response.ContentType = frame.ContentType;
        response.ContentLength = frame.LengthOf(ranges);
    }

    private void Describe(HttpResponse response)
    {
        State(response);
        response.Headers.AcceptRanges = "bytes";
        if (Modified is { } modified) response.Headers.LastModified = HttpDates.Text(modified);
        response.Headers.ContentDisposition =
            $"attachment; filename=\"{disk.FileName}\"";
    }
}
