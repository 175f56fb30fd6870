using System.Text.Json;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Planning.Simulation;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Http.Disks;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Machines;

/// <summary>A machine's policy: read, replaced and tried.</summary>
internal sealed class PolicyRoutes(ApiServices services)
{
    private const string Area = "Machines";
    private const string Allow = "allowExpiry";

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var routes = new PolicyRoutes(services);
        var tag = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ETag"] = "The state of the machine; every change of the machine changes it.",
        };
        yield return new ApiRoute(
            "GetPolicy", "GET", "machines/{machine}/policy", routes.GetAsync,
            new RouteAbout("Tells what is decided for a machine.", Area)
            {
                Answers =
                [
                    new RouteAnswer(200, "The policy.", ApiJson.Default.PolicyDocument)
                        { Headers = tag },
                ],
                Problems = [400, 404],
            });
        yield return new ApiRoute(
            "SetPolicy", "PUT", "machines/{machine}/policy", routes.SetAsync,
            new RouteAbout("Replaces a machine's policy; what it leaves out is off.", Area)
            {
                Parameters =
                [
                    new RouteParameter(
                        "If-Match", "header", "string",
                        "The ETag that the policy was read under; another state is refused."),
                    new RouteParameter(
                        Allow, "query", "string",
                        "Whether it is set even if the next retention expires versions because of "
                        + "it; without it no.")
                    {
                        Values = ["true", "false"],
                    },
                ],
                Body = ApiJson.Default.PolicyDocument,
                Answers =
                [
                    new RouteAnswer(200, "It is set.", ApiJson.Default.PolicySetDocument)
                        { Headers = tag },
                ],
                Problems = [400, 404, 409, 412, 413],
            });
        yield return new ApiRoute(
            "SimulatePolicy", "POST", "machines/{machine}/policy/simulate", routes.SimulateAsync,
            new RouteAbout(
                "Tells what a policy would keep in the time to come and what keeping it would "
                + "cost; changes nothing.", Area)
            {
                Body = ApiJson.Default.SimulateRequest, IsBodyOptional = true,
                Answers =
                [
                    new RouteAnswer(200, "What it comes to.", ApiJson.Default.SimulationDocument),
                ],
                Problems = [400, 404, 413],
            });
    }

    private async Task GetAsync(ApiCall call)
    {
        var manifest = await LoadAsync(call);
        call.Response.Headers.ETag = $"{TagOf(manifest.Head)}";
        await call.WriteAsync(
            PolicyDocument.Of(manifest.Head.Policy), ApiJson.Default.PolicyDocument);
    }

    private async Task SetAsync(ApiCall call)
    {
        var machine = call.Machine;
        var allowed = call.Text(Allow) switch
        {
            null or "false" => false,
            "true" => true,
            { } other => throw ApiCall.Refused(Allow, "true or false", other),
        };
        var policy = PolicyCodec.Read(
            await RequestBody.ReadAsync(call.Request, ApiCall.MostBodyBytes, call.Cancellation),
            "the body");
        await LoadAsync(call);
        IReadOnlyList<PolicyChange> changes = [];
        IReadOnlyList<int> expires = [];
        var written = await services.Engine.Manifests.UpdateAsync(
            machine,
            async edit =>
            {
                RequireState(call, edit.Before.Head);
                changes = PolicyChange.Between(edit.Head.Policy, policy);
                var versions = await PolicyEffect.VersionsAsync(edit.Before, call.Cancellation);
                expires = PolicyEffect.Expires(edit.Head, versions, policy, edit.Now);
                if (expires.Count > 0 && !allowed)
                    throw new RefusedException(
                        "expires-versions",
                        $"The next retention would expire {expires.Count} versions because of this "
                        + $"policy: {Some(expires)}. Add ?{Allow}=true to set it, or pin what must "
                        + "stay.");
                if (edit.Head.Policy != policy) edit.SetPolicy(policy);
            },
            call.Cancellation);
        call.Response.Headers.ETag = $"{TagOf(written.Head)}";
        await call.WriteAsync(
            new PolicySetDocument(
                PolicyDocument.Of(policy), changes, [.. expires.Take(services.Options.MostItems)]),
            ApiJson.Default.PolicySetDocument);
    }

    private async Task SimulateAsync(ApiCall call)
    {
        var request = await call.BodyAsync(ApiJson.Default.SimulateRequest) ?? new();
        // The strict reader decides what a policy is, wherever it comes from.
        var policy = request.Policy is null ? null : PolicyCodec.Read(
            JsonSerializer.SerializeToUtf8Bytes(request.Policy, ApiJson.Default.PolicyDocument),
            "policy");
        TimeSpan? every = null;
        if (request.Every is { } text)
            every = DurationText.Parse(text) is { } seconds and > 0
                ? TimeSpan.FromSeconds(seconds)
                : throw ApiCall.Refused("every", DurationText.Form, text);
        var manifest = await LoadAsync(call);
        var input = await SimulationReading.InputAsync(
            manifest, services.Engine.BaseStore, policy, every, request.Days,
            services.Prices, services.Engine.Time.GetUtcNow(), call.Cancellation);
        var result = PolicySimulation.Run(input);
        await call.WriteAsync(
            SimulationDocument.Of(manifest.Machine, input, result),
            ApiJson.Default.SimulationDocument);
    }

    private static void RequireState(ApiCall call, ManifestHead head)
    {
        var named = call.Request.Headers.IfMatch;
        if (named.Count == 0 || named.ToString().Trim() is "*") return;
        if (EntityTag.ParseList(named)?.Any(t => t.StronglyEquals(TagOf(head))) == true) return;
        throw new ApiProblemException(
            ProblemKinds.PreconditionFailed, "precondition-failed",
            $"The machine's ETag is {TagOf(head)}; the request asks for another state.");
    }

    private static EntityTag TagOf(ManifestHead head) => new($"{head.Revision}", IsWeak: false);

    private static string Some(IReadOnlyList<int> versions)
    {
        var text = ShardRanges.Of(versions).ToString();
        return text.Length <= 200 ? text : $"{text[..200]} ...";
    }

    private Task<Manifest> LoadAsync(ApiCall call) =>
        MachineReading.LoadAsync(services.Engine.Manifests, call.Machine, call.Cancellation);
}
