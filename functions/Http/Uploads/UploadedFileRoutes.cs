using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Uploads;

/// <summary>The routes of an upload's files: disk images and machine files.</summary>
internal static class UploadedFileRoutes
{
    private const string Area = "Uploads";
    private const string Bytes = "application/octet-stream";

    private static readonly RouteParameter Format = new(
        "format", "query", "string",
        $"The image's format: {string.Join(", ", UploadRules.Formats)}. A disk has one; later "
        + "pieces need not repeat it.");

    private static readonly RouteParameter Range = new(
        "Content-Range", "header", "string",
        "Where the bytes belong, as 'bytes 0-1048575/4194304', or with '*' while the length is not "
        + "known. Without it the body is the whole file. A piece begins at Upload-Offset or before; "
        + "what stood from there on is dropped.");

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        foreach (var route in Of(services, UploadKind.Disk, "Disk", "disks/{disk}", "disk's image"))
            yield return route;
        foreach (var route in Of(services, UploadKind.File, "File", "files/{file}", "machine file"))
            yield return route;
    }

    private static IEnumerable<ApiRoute> Of(
        ApiServices services, UploadKind kind, string name, string path, string words)
    {
        var handlers = new UploadedFileHandlers(services.Uploads, kind);
        var template = $"machines/{{machine}}/snapshots/{{snapshot}}/{path}";
        var status = ApiJson.Default.UploadedFileStatus;
        yield return new ApiRoute(
            $"Upload{name}", HttpMethods.Put, template, handlers.PutAsync, AboutPut(kind, words));
        yield return new ApiRoute(
            $"GetUploaded{name}", HttpMethods.Get, template, handlers.GetAsync,
            About($"Tells how much of a {words} is here.", Told(status)));
        yield return new ApiRoute(
            $"HeadUploaded{name}", HttpMethods.Head, template, handlers.GetAsync,
            About($"Tells in headers where the upload of a {words} goes on.", Told(null)));
        yield return new ApiRoute(
            $"DropUploaded{name}", HttpMethods.Delete, template, handlers.DeleteAsync,
            About(
                $"Drops what was uploaded of a {words}.",
                new RouteAnswer(StatusCodes.Status204NoContent, "It is gone.")) with
            {
                Problems = [400, 404, 409],
            });
    }

    private static RouteAbout AboutPut(UploadKind kind, string words) =>
        new(
            $"Uploads a {words}, whole or a piece; a broken upload goes on at Upload-Offset. On a "
            + "host that takes no bytes itself (Azure) the same call, sent without a body or with "
            + "'Expect: 100-continue', hands out a short-lived URL for this file alone: send the "
            + "bytes there, with the method and headers that the answer names.", Area)
        {
            Parameters = kind is UploadKind.Disk ? [Format, Range] : [Range],
            BytesBody = Bytes,
            IsBodyOptional = true,
            Answers =
            [
                new RouteAnswer(
                    StatusCodes.Status201Created, "All of the file is here.",
                    ApiJson.Default.UploadedFileStatus) { Headers = UploadHeaders.About },
                new RouteAnswer(
                    StatusCodes.Status200OK,
                    "The piece is here and more is to come; or, where bytes go to the store itself, "
                    + "an UploadGrant: {url, method, headers, expires}.",
                    ApiJson.Default.UploadedFileStatus),
            ],
            Problems = [400, 409, 413, 503, 507],
        };

    private static RouteAbout About(string summary, RouteAnswer answer) =>
        new(summary, Area) { Answers = [answer], Problems = [400, 404] };

    private static RouteAnswer Told(JsonTypeInfo? document) =>
        new(StatusCodes.Status200OK, "How far it has come.", document)
        {
            Headers = UploadHeaders.About,
        };
}
