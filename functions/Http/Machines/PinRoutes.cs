using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Machines;

/// <summary>What keeps versions whatever the policy says.</summary>
internal sealed class PinRoutes(ApiServices services)
{
    private const string Area = "Machines";

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var routes = new PinRoutes(services);
        yield return new ApiRoute(
            "PinVersion", "PUT", "machines/{machine}/versions/{version}/pin", routes.PinAsync,
            new RouteAbout("Keeps a version whatever the policy says.", Area)
            {
                Body = ApiJson.Default.PinRequest, IsBodyOptional = true,
                Answers = [new RouteAnswer(204, "It is pinned.")],
                Problems = [400, 404, 409, 413],
            });
        yield return new ApiRoute(
            "UnpinVersion", "DELETE", "machines/{machine}/versions/{version}/pin",
            routes.UnpinAsync,
            new RouteAbout("Takes a person's pin away; the policy decides again.", Area)
            {
                Answers = [new RouteAnswer(204, "It has no pin of a person.")],
                Problems = [400, 404, 409],
            });
        yield return new ApiRoute(
            "HoldMachine", "PUT", "machines/{machine}/hold", routes.HoldAsync,
            new RouteAbout("Lays a legal hold on a machine: nothing of it expires.", Area)
            {
                Body = ApiJson.Default.PinRequest, IsBodyOptional = true,
                Answers = [new RouteAnswer(204, "It is held.")],
                Problems = [400, 404, 409, 413],
            });
        yield return new ApiRoute(
            "ReleaseMachine", "DELETE", "machines/{machine}/hold", routes.ReleaseAsync,
            new RouteAbout("Lifts a machine's legal hold.", Area)
            {
                Answers = [new RouteAnswer(204, "It is not held.")],
                Problems = [400, 404, 409],
            });
    }

    private ManifestStore Manifests => services.Engine.Manifests;

    private async Task PinAsync(ApiCall call)
    {
        var (machine, number) = (call.Machine, call.Version);
        var request = await call.BodyAsync(ApiJson.Default.PinRequest) ?? new();
        var version = await VersionAsync(call, machine, number);
        await Pinning.SetPinAsync(
            Manifests, machine, version, isPin: true, request.Reason, call.Cancellation);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task UnpinAsync(ApiCall call)
    {
        var (machine, number) = (call.Machine, call.Version);
        var version = await VersionAsync(call, machine, number);
        await Pinning.SetPinAsync(
            Manifests, machine, version, isPin: false, null, call.Cancellation);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task HoldAsync(ApiCall call)
    {
        var machine = call.Machine;
        var request = await call.BodyAsync(ApiJson.Default.PinRequest) ?? new();
        await MachineReading.LoadAsync(Manifests, machine, call.Cancellation);
        await Pinning.SetHoldAsync(
            Manifests, machine, isHold: true, request.Reason, call.Cancellation);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task ReleaseAsync(ApiCall call)
    {
        var machine = call.Machine;
        await MachineReading.LoadAsync(Manifests, machine, call.Cancellation);
        await Pinning.SetHoldAsync(Manifests, machine, isHold: false, null, call.Cancellation);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>The version that is named, which must be there or have a pin that is in the way.</summary>
    private async Task<int> VersionAsync(ApiCall call, string machine, int? number)
    {
        var manifest = await MachineReading.LoadAsync(Manifests, machine, call.Cancellation);
        if (number is { } named && (manifest.Head.Pins?.Any(p => p.Version == named) ?? false))
            return named;
        return (await MachineReading.VersionAsync(manifest, number, call.Cancellation)).Number;
    }
}
