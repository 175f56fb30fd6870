using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Machines;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>What makes, unties and deletes machines.</summary>
internal sealed class CloneActions(ApiServices services)
{
    private readonly ActionStart _start = new(services);

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var routes = new CloneActions(services);
        yield return new ApiRoute(
            "StartClone", "POST", "machines/{machine}/versions/{version}/clone", routes.CloneAsync,
            ActionAbout.Of(
                "Makes a machine that begins from a version of this one; no data is copied.",
                ApiJson.Default.CloneRequest));
        yield return new ApiRoute(
            "StartFlatten", "POST", "machines/{machine}/flatten", routes.FlattenAsync,
            ActionAbout.Of("Gives a clone all its blocks, so that it needs its origin no more."));
        yield return new ApiRoute(
            "StartPurge", "POST", "machines/{machine}/purge", routes.PurgeAsync,
            ActionAbout.Of(
                "Deletes a machine and all its versions, once the grace period is over.",
                ApiJson.Default.PurgeRequest)
                with
            { IsBodyOptional = true });
    }

    private async Task CloneAsync(ApiCall call)
    {
        var (machine, version) = (call.Machine, call.Version);
        var request = await call.BodyAsync(ApiJson.Default.CloneRequest)
            ?? throw ApiCall.Refused("body", "an object with name", "nothing");
        ObjectNames.CheckName("machine", request.Name);
        await _start.RunAsync(
            call, CloneNames.Clone, new CloneInput(machine, version, request.Name), machine,
            async () =>
            {
                var manifest = await MachineReading.LoadAsync(
                    services.Engine.Manifests, machine, call.Cancellation);
                await MachineReading.VersionAsync(manifest, version, call.Cancellation);
                if (await services.Engine.Manifests.FindAsync(request.Name, call.Cancellation)
                    is not null)
                    throw new RefusedException(
                        "machine-exists", $"There is a machine '{request.Name}' already.");
            });
    }

    private async Task FlattenAsync(ApiCall call)
    {
        var machine = call.Machine;
        await _start.RunAsync(
            call, CloneNames.Flatten, new FlattenFlowInput(machine), machine,
            async () => await MachineReading.LoadAsync(
                services.Engine.Manifests, machine, call.Cancellation));
    }

    private async Task PurgeAsync(ApiCall call)
    {
        var machine = call.Machine;
        var request = await call.BodyAsync(ApiJson.Default.PurgeRequest) ?? new();
        if (request is { AtOnce: true, Cancel: true })
            throw ApiCall.Refused("cancel", "either atOnce or cancel", "both");
        await _start.RunAsync(
            call, PurgeNames.Purge, new PurgeInput(machine, request.AtOnce, request.Cancel), machine,
            async () =>
            {
                var found = await services.Engine.Manifests.FindAsync(machine, call.Cancellation);
                if (found is null && !await GoneMachine.IsGoingAsync(
                    services.Engine.BaseStore, machine, call.Cancellation))
                    throw MachineReading.NoMachine(machine);
                if (found is not null && !request.Cancel) PurgeRules.RequireUnneeded(found.Head);
            });
    }
}
