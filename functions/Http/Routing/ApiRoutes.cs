using SnapshotFunctions.Http.Machines;

namespace SnapshotFunctions.Http.Routing;

/// <summary>The table of all routes; each area of the API adds its own.</summary>
internal static class ApiRoutes
{
    /// <summary>The routes over a host's services.</summary>
    public static IReadOnlyList<ApiRoute> Of(ApiServices services) =>
    [
        .. ProblemRoutes.Of(),
        .. FileRoutes.Of(services),
    ];
}
