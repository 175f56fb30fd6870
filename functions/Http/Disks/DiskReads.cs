using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Disks;

/// <summary>Answers GET and HEAD of a disk, by RFC 9110.</summary>
/// <param name="services">The host's services.</param>
/// <param name="disks">Lays disks out as files of other formats.</param>
/// <param name="open">Opens the disk that a call names.</param>
/// <param name="offers">Tells what archived bytes take.</param>
internal sealed partial class DiskReads(
    ApiServices services, OpenDisks disks, Func<ApiCall, Task<OpenDisk>> open,
    RehydrationOffers offers)
{
    /// <summary>GET.</summary>
    public async Task GetAsync(ApiCall call)
    {
        var (disk, answer) = await OpenAsync(call);
        if (IsSettled(call, disk, answer)) return;
        (disk, answer) = await LaidOutAsync(call, disk);
        var headers = call.Request.Headers;
        var choice = Conditions.RangeCounts(headers, disk.Tag, answer.Modified, Now)
            ? RangeChoice.Of(
                RangeHeader.Parse(headers.Range), disk.SizeBytes, services.Options.MostRanges)
            : RangeChoice.Whole;
        switch (choice)
        {
            case { Verdict: RangeVerdict.NotSatisfiable }:
                throw Unsatisfiable(disk, "range", "no range that was asked for has a byte of them");
            case { Verdict: RangeVerdict.TooMany }:
                throw Unsatisfiable(
                    disk, "ranges", $"one request may name {services.Options.MostRanges} ranges");
            case { Verdict: RangeVerdict.Whole }:
                answer.Whole(call.Response);
                await SendAsync(call, disk, [new ByteRange(0, disk.SizeBytes)], null);
                break;
            case { Ranges: [var single] }:
                answer.Part(call.Response, single);
                await SendAsync(call, disk, choice.Ranges, null);
                break;
            default:
                var frame = new Multipart(disk.SizeBytes);
                answer.Parts(call.Response, choice.Ranges, frame);
                await SendAsync(call, disk, choice.Ranges, frame);
                break;
        }
    }

    /// <summary>HEAD: as GET without Range, which has no meaning here (14.2).</summary>
    public async Task HeadAsync(ApiCall call)
    {
        var (disk, answer) = await OpenAsync(call);
        if (IsSettled(call, disk, answer)) return;
        (_, answer) = await LaidOutAsync(call, disk);
        answer.Whole(call.Response);
    }

    private DateTimeOffset Now => services.Engine.Time.GetUtcNow();

    private async Task<(OpenDisk Disk, DiskAnswer Answer)> OpenAsync(ApiCall call)
    {
        var disk = await open(call);
        return (disk, new DiskAnswer(disk, Now));
    }

    /// <summary>
    /// The disk as the file that is asked for. What conditions settle needs no look at any index.
    /// </summary>
    private async Task<(OpenDisk Disk, DiskAnswer Answer)> LaidOutAsync(ApiCall call, OpenDisk disk)
    {
        try
        {
            disk = await disks.LaidOutAsync(disk, call.Cancellation);
        }
        catch (ObjectArchivedException error)
        {
            throw await offers.ProblemAsync(disk.View, WholeOf(disk), error, call.Cancellation);
        }
        return (disk, new DiskAnswer(disk, Now));
    }

    private static ByteRange WholeOf(OpenDisk disk) => new(0, disk.View.SizeBytes);

    /// <summary>Whether the conditions alone settle the answer.</summary>
    private bool IsSettled(ApiCall call, OpenDisk disk, DiskAnswer answer)
    {
        switch (Conditions.Weigh(call.Request.Headers, disk.Tag, answer.Modified, Now))
        {
            case ConditionVerdict.NotModified:
                call.Response.StatusCode = StatusCodes.Status304NotModified;
                answer.State(call.Response);
                return true;
            case ConditionVerdict.Failed:
                throw new ApiProblemException(
                    ProblemKinds.PreconditionFailed, "precondition-failed",
                    disk.Tag is { } tag
                        ? $"The disk's ETag is {tag}; the request asks for another state."
                        : "A disk that is being written has no ETag; the request names one.");
            default:
                return false;
        }
    }

    private static ApiProblemException Unsatisfiable(OpenDisk disk, string code, string why) => new(
        ProblemKinds.RangeNotSatisfiable, $"refused-{code}",
        $"Disk '{disk.View.Disk.Name}' has {disk.SizeBytes} bytes at version "
        + $"{disk.Version.Number}{(disk.Format is null ? null : $" as {disk.Format}")}; {why}.")
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Content-Range"] = $"bytes */{disk.SizeBytes}", ["Accept-Ranges"] = "bytes",
            },
        };

    private async Task SendAsync(
        ApiCall call, OpenDisk disk, IReadOnlyList<ByteRange> ranges, Multipart? frame)
    {
        await using var pieces = new PieceReader(
            disk.PiecesOf(ranges.Sum(r => r.Length)), ranges, services.Reads, services.Options.PieceBytes, call.Cancellation);
        var body = new PacedBody(
            call.Response, services.Options, services.Engine.Time, call.Cancellation);
        // The first piece is read before anything is sent: an error is still a problem then.
        var piece = await FirstAsync(call, disk, ranges, pieces);
        try
        {
            for (; piece is not null; piece = await pieces.NextAsync())
            {
                using var sent = piece;
                if (frame is not null && piece.Place.IsFirst)
                    await body.SendAsync(
                        frame.Before(ranges[piece.Place.Part], piece.Place.Part == 0), 0);
                await body.SendAsync(piece);
            }
            if (frame is not null) await body.SendAsync(frame.After(), 0);
            await services.Engine.Reads.NoteAsync(
                disk.View.Machine, disk.Version.Number, call.Cancellation);
        }
        catch (SlowClientException error)
        {
            LogSlow(services.Logger, call.Request.Path, error.Message);
            call.Context.Abort();
        }
    }

    private async Task<Piece?> FirstAsync(
        ApiCall call, OpenDisk disk, IReadOnlyList<ByteRange> ranges, PieceReader pieces)
    {
        try
        {
            return await pieces.NextAsync();
        }
        catch (ObjectArchivedException error)
        {
            // Where a range of another format lies on the disk is not told: all may be needed.
            var all = disk.Layout is not null ? WholeOf(disk)
                : new ByteRange(ranges.Min(r => r.Offset), ranges.Max(r => r.End));
            throw await offers.ProblemAsync(disk.View, all, error, call.Cancellation);
        }
    }

    [LoggerMessage(3101, LogLevel.Information, "{Path} was cut off: {Why}")]
    private static partial void LogSlow(ILogger logger, string path, string why);
}
