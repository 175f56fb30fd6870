using SnapshotFunctions.Http.Disks;
using SnapshotFunctions.Http.Jobs;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Mounts;

/// <summary>The routes of writable mounts.</summary>
internal static class MountRoutes
{
    private const string Area = "Mounts";
    private const string All = "machines/{machine}/versions/{version}/mounts";
    private const string One = $"{All}/{{mount}}";
    private const string Disk = $"{One}/disks/{{disk}}";

    /// <summary>The routes over a host's services.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var calls = new MountCalls(services);
        var open = new OpenDisks(services.Engine, services.Options);
        var offers = new RehydrationOffers(services);
        var disks = new MountDisks(services, calls, open, offers);
        var reads = new DiskReads(services, open, disks.OpenAsync, offers);
        yield return new ApiRoute("OpenMount", "POST", All, calls.OpenAsync, new RouteAbout(
            "Opens a writable mount of a version: what is written is kept beside the version, "
            + "which never changes and is pinned meanwhile.", Area)
        {
            Answers =
            [
                new RouteAnswer(201, "It is open.", ApiJson.Default.MountDocument)
                {
                    Headers = Told(("Location", "The mount: a path on the same host.")),
                },
            ],
            Problems = [400, 404, 409, 503],
        });
        yield return new ApiRoute("ListMounts", "GET", All, calls.ListAsync, new RouteAbout(
            "Lists the writable mounts of a version.", Area)
        {
            Answers = [new RouteAnswer(200, "They.", ApiJson.Default.MountsDocument)],
            Problems = [400, 404, 503],
        });
        yield return new ApiRoute("GetMount", "GET", One, calls.GetAsync, new RouteAbout(
            "Tells how a mount stands.", Area)
        {
            Parameters =
            [
                Header("If-Match", "ETags; 412 when none of them stands."),
                Header("If-None-Match", "ETags; 304 when one of them stands."),
            ],
            Answers =
            [
                new RouteAnswer(200, "It.", ApiJson.Default.MountDocument) { Headers = Told() },
                new RouteAnswer(304, "The client has it already."),
            ],
            Problems = [400, 404, 412, 503],
        });
        yield return new ApiRoute("DiscardMount", "DELETE", One, calls.DiscardAsync, new RouteAbout(
            "Drops a mount and all that was written to it. Where much was written and the call is "
            + "cut off, the same call goes on with it.", Area)
        {
            Parameters = [Header("If-Match", "ETags of the mount; 412 when none of them stands.")],
            Answers = [new RouteAnswer(204, "It is gone.")],
            Problems = [400, 404, 409, 412, 503],
        });
        yield return Commit(calls);
        foreach (var route in DisksOf(disks, reads)) yield return route;
    }

    private static ApiRoute Commit(MountCalls calls)
    {
        var about = ActionAbout.Of(
            "Makes what was written to a mount the next version of a clone of its version; then "
            + "the mount goes. From the job's first step on the mount takes no writes; if the job "
            + "fails it takes them again. The same call again is the same job.",
            ApiJson.Default.CommitMountRequest);
        return new ApiRoute("StartCommitMount", "POST", $"{One}/commit", calls.CommitAsync, about with
        {
            Area = Area,
            Parameters =
            [
                .. about.Parameters,
                Header("If-Match", "ETags of the mount; 412 when none of them stands."),
            ],
            Problems = [400, 404, 409, 412, 413, 422, 503],
        });
    }

    private static IEnumerable<ApiRoute> DisksOf(MountDisks disks, DiskReads reads)
    {
        var whole = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Accept-Ranges"] = "bytes.", ["Cache-Control"] = "no-store.",
        };
        yield return new ApiRoute("GetMountDisk", "GET", Disk, reads.GetAsync, new RouteAbout(
            "Reads a disk of a mount as it was last written, whole or in ranges. It has no ETag.",
            Area)
        {
            Parameters =
            [
                Header("Range", "bytes=FIRST-LAST, bytes=FIRST-, bytes=-LENGTH, or several."),
            ],
            Answers =
            [
                new RouteAnswer(200, "All of it.", Bytes: DiskAnswer.MediaType) { Headers = whole },
                new RouteAnswer(206, "The range, or several ranges as multipart/byteranges.",
                    Bytes: DiskAnswer.MediaType) { Headers = whole },
                new RouteAnswer(304, "If-None-Match was a star."),
            ],
            Problems = [400, 404, 409, 412, 416, 503],
        });
        yield return new ApiRoute("HeadMountDisk", "HEAD", Disk, reads.HeadAsync, new RouteAbout(
            "Tells of a mount's disk what GET would, without the bytes; Range is ignored.", Area)
        {
            Answers =
            [
                new RouteAnswer(200, "It is there.") { Headers = whole },
                new RouteAnswer(304, "If-None-Match was a star."),
            ],
            Problems = [400, 404, 409, 412, 503],
        });
        yield return new ApiRoute("WriteMountDisk", "PUT", Disk, disks.PutAsync, new RouteAbout(
            "Writes a range of a mount's disk; it is durable when this answers. No sector is ever "
            + "half written. A request that is refused for what it is has written nothing; after "
            + "any other error some of its sectors may be written: send it again.", Area)
        {
            Parameters =
            [
                new RouteParameter(
                    "Content-Range", "header", "string",
                    "Where the bytes belong, as 'bytes 4096-8191/1073741824'; on the disk, and at "
                    + "most 8 MiB.", IsRequired: true),
                Header("If-Match", "Only a star can hold: a mount's disk has no ETag."),
            ],
            BytesBody = DiskAnswer.MediaType,
            Answers = [new RouteAnswer(204, "It is written.")],
            Problems = [400, 404, 409, 412, 413, 503],
        });
    }

    private static Dictionary<string, string> Told(params (string Name, string Summary)[] more)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ETag"] = "The state of the mount, not of what was written.",
        };
        foreach (var (name, summary) in more) headers.Add(name, summary);
        return headers;
    }

    private static RouteParameter Header(string name, string summary) =>
        new(name, "header", "string", summary);
}
