using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Http.Description;
using SnapshotFunctions.Http.Disks;
using SnapshotFunctions.Http.Jobs;
using SnapshotFunctions.Http.Machines;
using SnapshotFunctions.Http.Mounts;
using SnapshotFunctions.Http.Uploads;

namespace SnapshotFunctions.Http.Routing;

/// <summary>The table of all routes; each area of the API adds its own.</summary>
internal static class ApiRoutes
{
    /// <summary>The routes over a host's services.</summary>
    public static IReadOnlyList<ApiRoute> Of(ApiServices services) => DescriptionRoutes.With(
    [
        .. MachineRoutes.Of(services),
        .. VersionRoutes.Of(services),
        .. PolicyRoutes.Of(services),
        .. PinRoutes.Of(services),
        .. ActionRoutes.Of(services),
        .. CloneActions.Of(services),
        .. UpkeepActions.Of(services),
        .. JobRoutes.Of(services),
        .. ProblemRoutes.Of(),
        .. UploadRoutes.Of(services),
        .. UploadedFileRoutes.Of(services),
        .. DiskRoutes.Of(services),
        .. MountRoutes.Of(services),
        .. FileRoutes.Of(services),
        .. CostRoutes.Of(services),
    ]);
}
