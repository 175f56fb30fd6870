using SnapshotFunctions.Http.Jobs;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Disks;

/// <summary>Reading a version's disk.</summary>
internal static class DiskRoutes
{
    private const string Area = "Disks";
    private const string Disk = "machines/{machine}/versions/{version}/disks/{disk}";

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var disks = new OpenDisks(services.Engine, services.Options);
        var offers = new RehydrationOffers(services);
        var reads = new DiskReads(services, disks, call => OpenAsync(disks, call), offers);
        yield return new ApiRoute("GetDisk", "GET", Disk, reads.GetAsync, Read(
            "Reads a version's disk, whole or in ranges, as a raw image or as one of another format.",
            [
                new RouteAnswer(200, "All of it.", Bytes: DiskAnswer.MediaType) { Headers = Whole },
                new RouteAnswer(206, "The range, or several ranges as multipart/byteranges.",
                    Bytes: DiskAnswer.MediaType) { Headers = Whole },
                new RouteAnswer(304, "The client has it already."),
            ],
            [400, 404, 409, 412, 416, 503], takesRanges: true));
        yield return new ApiRoute("HeadDisk", "HEAD", Disk, reads.HeadAsync, Read(
            "Tells of a version's disk what GET would, without the bytes; Range is ignored.",
            [
                new RouteAnswer(200, "It is there.") { Headers = Whole },
                new RouteAnswer(304, "The client has it already."),
            ],
            [400, 404, 409, 412, 503], takesRanges: false));
        yield return Changes(new DiskChanges(services, disks, offers));
        yield return Rehydration(new Rehydrations(services, disks));
    }

    private static async Task<OpenDisk> OpenAsync(OpenDisks disks, ApiCall call)
    {
        var (version, format) = (call.Version, DiskFormat.Of(call));
        var disk = await disks.OpenAsync(
            call.Machine, version, call.Name("disk"), call.Cancellation);
        return disk with
        {
            Format = format,
            Freshness = version is null ? DiskFreshness.Latest : DiskFreshness.Fixed,
        };
    }

    private static IReadOnlyDictionary<string, string> Whole { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ETag"] = "Strong: the disk's fingerprint, its size and the format.",
            ["Accept-Ranges"] = "bytes.",
            ["Cache-Control"] = "A version never changes; latest does.",
        };

    private static RouteAbout Read(
        string summary, IReadOnlyList<RouteAnswer> answers, IReadOnlyList<int> problems,
        bool takesRanges) => new(summary, Area)
        {
            Parameters =
            [
                DiskFormat.Parameter,
                .. takesRanges
                    ? new[]
                    {
                        Header("Range", "bytes=FIRST-LAST, bytes=FIRST-, bytes=-LENGTH, or several."),
                        Header("If-Range", "An ETag or Last-Modified: Range counts only if it stands."),
                    }
                    : [],
                Header("If-Match", "ETags; 412 when none of them stands."),
                Header("If-None-Match", "ETags; 304 when one of them stands."),
                Header("If-Modified-Since", "A date; 304 when nothing is newer. Not with latest."),
                Header("If-Unmodified-Since", "A date; 412 when it is newer. Not with latest."),
            ],
            Answers = answers,
            Problems = problems,
        };

    private static ApiRoute Changes(DiskChanges changes) => new(
        "GetDiskChanges", "GET", $"{Disk}/changes", changes.GetAsync,
        new RouteAbout("Tells which ranges of a disk differ between two versions.", Area)
        {
            Parameters =
            [
                new("since", "query", "integer", "The other version, older or newer.", true),
                new("sectors", "query", "boolean",
                    "Whether blocks that differ are read and compared by sectors; false."),
                new("after", "query", "integer", "Only what lies at this byte or after it; 0."),
                new("top", "query", "integer", "How many ranges at most, 1 to 1000; 100."),
            ],
            Answers =
            [
                new RouteAnswer(200, "The ranges.", ApiJson.Default.DiskChangesDocument),
            ],
            Problems = [400, 404, 409, 503],
        });

    private static ApiRoute Rehydration(Rehydrations rehydrations) => new(
        "RehydrateVersion", "POST", "machines/{machine}/versions/{version}/rehydrate",
        rehydrations.PostAsync,
        new RouteAbout("Brings archived data back that a range of a version needs.", Area)
        {
            Parameters =
            [
                new("disk", "query", "string", "The disk; may be left out where there is only one."),
                new("offset", "query", "integer", "The first byte of the range; 0."),
                new("length", "query", "integer", "Its length; all that follows."),
                new("priority", "query", "string", "standard (up to 15 h) or high; standard."),
                IdempotencyKey.Parameter,
                PlanWish.Parameter,
            ],
            Answers = [PlanWish.Answer, JobAnswers.Accepted("It is asked for; the job ends when all can be read.")],
            Problems = [400, 404, 422, 503],
        });

    private static RouteParameter Header(string name, string summary) =>
        new(name, "header", "string", summary);
}
