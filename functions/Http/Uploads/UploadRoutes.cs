using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Jobs;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Uploads;

/// <summary>The routes of an upload as a whole.</summary>
internal static class UploadRoutes
{
    private const string Area = "Uploads";
    private const string Template = "machines/{machine}/snapshots/{snapshot}";

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var uploads = services.Uploads;
        yield return new ApiRoute(
            "GetUpload", HttpMethods.Get, Template, call => GetAsync(call, uploads),
            new RouteAbout("Tells what has been uploaded of a snapshot.", Area)
            {
                Answers = [new RouteAnswer(200, "The upload.", ApiJson.Default.UploadStatus)],
                Problems = [400, 404],
            });
        yield return new ApiRoute(
            "CompleteUpload", HttpMethods.Post, Template, call => CompleteAsync(call, uploads),
            new RouteAbout(
                "Completes an upload: binds the disks that it names, all of them, and its machine "
                + "files to a snapshot, and starts the ingest. Sent again with the same body it "
                + "answers the same job.", Area)
            {
                Body = ApiJson.Default.UploadClosing,
                Answers = [JobAnswers.Accepted("The ingest goes on by itself.")],
                Problems = [400, 404, 409, 422, 503, 507],
            });
        yield return new ApiRoute(
            "AbandonUpload", HttpMethods.Delete, Template, call => AbandonAsync(call, uploads),
            new RouteAbout("Drops what has been uploaded of a snapshot.", Area)
            {
                Answers = [new RouteAnswer(204, "It is gone.")],
                Problems = [400, 404, 409],
            });
    }

    private static async Task GetAsync(ApiCall call, IUploads uploads)
    {
        var (machine, snapshot) = (call.Machine, call.Name("snapshot"));
        var upload = await uploads.FindAsync(machine, snapshot, call.Cancellation)
            ?? throw NoSuch(machine, snapshot);
        call.Response.Headers.CacheControl = "no-store";
        await call.WriteAsync(upload, ApiJson.Default.UploadStatus);
    }

    private static async Task CompleteAsync(ApiCall call, IUploads uploads)
    {
        var (machine, snapshot) = (call.Machine, call.Name("snapshot"));
        var closing = await call.BodyAsync(ApiJson.Default.UploadClosing)
            ?? throw ApiCall.Refused(
                "body", "JSON as {\"disks\": [\"disk0\"]}, the disks that belong to it", "nothing");
        await JobAnswers.AcceptedAsync(
            call,
            await uploads.CompleteAsync(
                machine, snapshot, UploadRules.CheckClosing(closing), call.Cancellation));
    }

    private static async Task AbandonAsync(ApiCall call, IUploads uploads)
    {
        var (machine, snapshot) = (call.Machine, call.Name("snapshot"));
        if (!await uploads.AbandonAsync(machine, snapshot, call.Cancellation))
            throw NoSuch(machine, snapshot);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static NoSuchException NoSuch(string machine, string snapshot) => new(
        $"upload of snapshot '{snapshot}' of '{machine}'", "PUT its disks there first.");
}
