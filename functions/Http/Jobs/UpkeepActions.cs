using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Steps.Upkeep;
using SnapshotFunctions.Http.Machines;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>What keeps a machine sound.</summary>
internal sealed class UpkeepActions(ApiServices services)
{
    private readonly ActionStart _start = new(services);

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var routes = new UpkeepActions(services);
        yield return new ApiRoute(
            "StartRepair", "POST", "machines/{machine}/repair", routes.RepairAsync,
            ActionAbout.Of(
                "Reads all that is online of a machine and mends what is damaged from copies and "
                + "other versions. Its plan reads as much."));
        yield return new ApiRoute(
            "StartUpkeep", "POST", "machines/{machine}/upkeep", routes.UpkeepAsync,
            ActionAbout.Of(
                "Does what is due by a machine's policy: retention, tiers, verification, repair, "
                + "sweep."));
    }

    private Task RepairAsync(ApiCall call) => _start.RunAsync(
        call, RepairNames.Repair, new RepairInput(call.Machine), call.Machine,
        () => RequireMachineAsync(call));

    private Task UpkeepAsync(ApiCall call) => _start.RunAsync(
        call, UpkeepNames.Upkeep, new UpkeepInput(call.Machine), call.Machine,
        () => RequireMachineAsync(call));

    private async Task RequireMachineAsync(ApiCall call) => await MachineReading.LoadAsync(
        services.Engine.Manifests, call.Machine, call.Cancellation);
}
