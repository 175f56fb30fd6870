using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Machines;

/// <summary>Gives the machine files of versions back, byte for byte.</summary>
internal static class FileRoutes
{
    private const string Template = "machines/{machine}/versions/{version}/files/{file}";
    private const string Bytes = "application/octet-stream";

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var files = services.Engine.Files;
        // A file is held whole while it is sent: only so many are at once.
        var most = (int)Math.Clamp(
            services.Options.ReadBudgetBytes / VersionFile.MostBytes, 1, 1000);
        var places = new SemaphoreSlim(most, most);
        yield return new ApiRoute(
            "GetMachineFile", "GET", Template, call => GetAsync(call, files, places),
            About("Gives a machine file of a version: its bytes, checked against their hash."));
        yield return new ApiRoute(
            "HeadMachineFile", "HEAD", Template, call => HeadAsync(call, files),
            About("Tells the length and the hash of a machine file."));
    }

    private static RouteAbout About(string summary) => new(summary, "Machines")
    {
        Parameters =
        [
            new RouteParameter(
                "If-None-Match", "header", "string",
                "Entity tags that the caller has; 304 when the file's is among them."),
            new RouteParameter(
                "If-Match", "header", "string",
                "Entity tags that are awaited; 412 when the file's is not among them."),
        ],
        Answers =
        [
            new RouteAnswer(200, "The file.", Bytes: Bytes)
            {
                Headers = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["ETag"] = "The SHA-256 of its bytes, in lower-case hexadecimal digits.",
                },
            },
            new RouteAnswer(304, "The caller has it."),
        ],
        Problems = [400, 404, 412, 503],
    };

    private static async Task GetAsync(ApiCall call, MachineFiles files, SemaphoreSlim places)
    {
        var (machine, version, name) = Named(call);
        var known = await files.FindAsync(machine, version, name, call.Cancellation);
        if (IsAnswered(call, known)) return;
        await places.WaitAsync(call.Cancellation);
        try
        {
            var found = await files.ReadAsync(machine, version, name, call.Cancellation);
            // 'latest' may have moved since the conditions were held against it.
            if (found.File.Hash != known.Hash && IsAnswered(call, found.File)) return;
            Describe(call.Response, found.File);
            await call.Response.Body.WriteAsync(found.Content, call.Cancellation);
        }
        finally
        {
            places.Release();
        }
    }

    private static async Task HeadAsync(ApiCall call, MachineFiles files)
    {
        var (machine, version, name) = Named(call);
        var found = await files.FindAsync(machine, version, name, call.Cancellation);
        if (!IsAnswered(call, found)) Describe(call.Response, found);
    }

    private static (string Machine, int? Version, string Name) Named(ApiCall call)
    {
        var name = call.Segment("file");
        return ObjectNames.IsFileName(name)
            ? (call.Machine, call.Version, name)
            : throw ApiCall.Refused(
                "file", "a to z, 0 to 9, '.' and '-', at most 63 characters, a letter or digit "
                + "first", name);
    }

    /// <summary>Whether the conditions of the request decide the answer: 304.</summary>
    /// <exception cref="ApiProblemException">412: If-Match names other bytes.</exception>
    private static bool IsAnswered(ApiCall call, VersionFile file)
    {
        var headers = call.Request.GetTypedHeaders();
        var tag = TagOf(file);
        if (headers.IfMatch is { Count: > 0 } awaited
            && !awaited.Any(t => t.Compare(tag, useStrongComparison: true) || IsAny(t)))
        {
            throw new ApiProblemException(
                ProblemKinds.PreconditionFailed, "precondition-failed",
                $"If-Match: '{file.Name}' has the entity tag {tag}.");
        }
        if (headers.IfNoneMatch is not { Count: > 0 } had
            || !had.Any(t => t.Compare(tag, useStrongComparison: false) || IsAny(t))) return false;
        call.Response.StatusCode = StatusCodes.Status304NotModified;
        call.Response.Headers.ETag = tag.ToString();
        return true;
    }

    private static bool IsAny(EntityTagHeaderValue tag) => tag.Equals(EntityTagHeaderValue.Any);

    private static void Describe(HttpResponse response, VersionFile file)
    {
        response.ContentType = Bytes;
        response.ContentLength = file.LengthBytes;
        response.Headers.ETag = TagOf(file).ToString();
        // Opaque bytes of a guest: no browser shall show them as a page of this host's.
        response.Headers.ContentDisposition = $"attachment; filename=\"{file.Name}\"";
        response.Headers.XContentTypeOptions = "nosniff";
    }

    private static EntityTagHeaderValue TagOf(VersionFile file) => new($"\"{file.Hash}\"");
}
