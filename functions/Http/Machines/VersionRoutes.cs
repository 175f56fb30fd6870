using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Machines;

/// <summary>The versions of a machine.</summary>
internal sealed class VersionRoutes(ApiServices services)
{
    private const string Area = "Machines";
    private const string Ascending = "asc";
    private const string Descending = "desc";

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var routes = new VersionRoutes(services);
        yield return new ApiRoute(
            "ListVersions", "GET", "machines/{machine}/versions", routes.ListAsync,
            new RouteAbout("Lists the versions of a machine.", Area)
            {
                Parameters =
                [
                    .. Paging.Parameters(services.Options, "integer"),
                    new RouteParameter(
                        "order", "query", "string", "By number; without it ascending: asc.")
                    {
                        Values = [Ascending, Descending],
                    },
                    .. VersionFilter.Parameters,
                ],
                Answers =
                [
                    new RouteAnswer(200, "Some versions.", ApiJson.Default.VersionsDocument),
                ],
                Problems = [400, 404],
            });
        yield return new ApiRoute(
            "GetVersion", "GET", "machines/{machine}/versions/{version}", routes.GetAsync,
            new RouteAbout("Tells all about one version that can be restored.", Area)
            {
                Answers = [new RouteAnswer(200, "The version.", ApiJson.Default.VersionDocument)],
                Problems = [400, 404],
            });
    }

    private async Task ListAsync(ApiCall call)
    {
        var filter = VersionFilter.Of(call);
        var top = Paging.Top(call, services.Options);
        var isDescending = IsDescending(call);
        var after = Paging.AfterVersion(call, isDescending ? int.MaxValue : 0);
        var manifest = await LoadAsync(call);
        var versions = isDescending
            ? manifest.VersionsDescendingAsync(1, after - 1, call.Cancellation)
            : after == int.MaxValue
                ? AsyncEnumerable.Empty<VersionRecord>()
                : manifest.VersionsAsync(after + 1, int.MaxValue, call.Cancellation);
        var standing = await MachineReading.BaseAsync(manifest, call.Cancellation);
        var found = new List<VersionDocument>();
        string? next = null;
        await foreach (var version in versions)
        {
            if (!filter.Takes(version)) continue;
            if (found.Count == top)
            {
                next = Paging.Next(call, found[^1].Version);
                break;
            }
            found.Add(VersionDocument.Of(manifest.Head, version, standing));
        }
        await call.WriteAsync(
            new VersionsDocument(
                manifest.Machine, standing == 0 ? null : standing, found, next),
            ApiJson.Default.VersionsDocument);
    }

    private async Task GetAsync(ApiCall call)
    {
        var number = call.Version;
        var manifest = await LoadAsync(call);
        var version = await MachineReading.VersionAsync(manifest, number, call.Cancellation);
        var standing = await MachineReading.BaseAsync(manifest, call.Cancellation);
        await call.WriteAsync(
            VersionDocument.Of(manifest.Head, version, standing),
            ApiJson.Default.VersionDocument);
    }

    private Task<Manifest> LoadAsync(ApiCall call) =>
        MachineReading.LoadAsync(services.Engine.Manifests, call.Machine, call.Cancellation);

    private static bool IsDescending(ApiCall call) => call.Text("order") switch
    {
        null or Ascending => false,
        Descending => true,
        { } other => throw ApiCall.Refused("order", "asc or desc", other),
    };
}
