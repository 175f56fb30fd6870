using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Flows.Tiering;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Http.Machines;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>
/// What starts a job on a machine. What can be told at once is refused at once; a call that is
/// repeated under its key is not checked again, since its own job may have changed the answer.
/// </summary>
internal sealed class ActionRoutes(ApiServices services)
{
    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var routes = new ActionRoutes(services);
        yield return new ApiRoute(
            "StartRestore", "POST", "machines/{machine}/versions/{version}/restore",
            routes.RestoreAsync,
            ActionAbout.Of(
                "Writes a disk of a version to a file of the host, every block checked.",
                ApiJson.Default.RestoreRequest));
        yield return new ApiRoute(
            "StartConsolidate", "POST", "machines/{machine}/consolidate", routes.ConsolidateAsync,
            ActionAbout.Of(
                "Moves the base image to another version.", ApiJson.Default.ConsolidateRequest)
                with
            { IsBodyOptional = true });
        yield return new ApiRoute(
            "StartUndo", "POST", "machines/{machine}/undo", routes.UndoAsync,
            ActionAbout.Of(
                "Takes the newest version of a machine back.", ApiJson.Default.UndoRequest)
                with
            { IsBodyOptional = true });
        yield return new ApiRoute(
            "StartTier", "POST", "machines/{machine}/tier", routes.TierAsync,
            ActionAbout.Of(
                "Moves old reverse incrementals of a machine to colder tiers, where that pays."));
        yield return new ApiRoute(
            "StartExpire", "POST", "machines/{machine}/versions/{version}/expire",
            routes.ExpireAsync, ActionAbout.Of("Lets a version go for good."));
        yield return new ApiRoute(
            "StartRetention", "POST", "machines/{machine}/retention", routes.RetentionAsync,
            ActionAbout.Of("Lets the versions go that the machine's policy does not keep."));
        yield return new ApiRoute(
            "StartVerify", "POST", "machines/{machine}/verify", routes.VerifyAsync,
            ActionAbout.Of(
                "Checks what is stored of a machine; changes nothing.",
                ApiJson.Default.VerifyRequest)
                with
            { IsBodyOptional = true });
    }

    private async Task RestoreAsync(ApiCall call)
    {
        var (machine, version) = (call.Machine, call.Version);
        var request = await call.BodyAsync(ApiJson.Default.RestoreRequest)
            ?? throw ApiCall.Refused("body", "an object with target", "nothing");
        RestoreName.Check(request.Target);
        var input = new RestoreInput(
            machine, services.TargetOf(request.Target), version, request.Disk,
            Words.Of(request.Format), request.Overwrite, Rehydrate: request.Rehydrate);
        await StartAsync(call, RestoreNames.Restore, input, machine, async () =>
        {
            var manifest = await LoadAsync(call, machine);
            var record = await MachineReading.VersionAsync(manifest, version, call.Cancellation);
            RestoreName.CheckDisk(machine, record, request.Disk);
        });
    }

    private async Task ConsolidateAsync(ApiCall call)
    {
        var machine = call.Machine;
        var request = await call.BodyAsync(ApiJson.Default.ConsolidateRequest) ?? new();
        CheckVersion("base", request.Base);
        var input = new ConsolidateInput(machine, request.Base ?? 0);
        await StartAsync(call, FlowNames.Consolidate, input, machine, async () =>
        {
            var manifest = await LoadAsync(call, machine);
            await MachineReading.VersionAsync(manifest, request.Base, call.Cancellation);
        });
    }

    private async Task UndoAsync(ApiCall call)
    {
        var machine = call.Machine;
        var request = await call.BodyAsync(ApiJson.Default.UndoRequest) ?? new();
        CheckVersion("version", request.Version);
        var id = IdempotencyKey.JobId(call, FlowNames.Undo.Name, machine);
        var isPlan = string.Equals(call.Text("plan"), "true", StringComparison.Ordinal);
        if (!isPlan && id is not null && await services.Jobs.FindAsync(id, call.Cancellation) is { } known)
        {
            // "The newest" meant what was the newest at the first call; to ask now would tell
            // another version, and the same call would seem to be another one.
            await JobAnswers.AcceptedAsync(call, request.Version is { } version
                ? await services.Jobs.StartAsync(
                    FlowNames.Undo, new UndoInput(machine, version), machine, id, call.Cancellation)
                : known);
            return;
        }
        var manifest = await LoadAsync(call, machine);
        var newest = await MachineReading.VersionAsync(manifest, null, call.Cancellation);
        if (request.Version is { } named && named != newest.Number)
            throw new RefusedException(
                "not-newest",
                $"Version {named} is not the newest of '{machine}': that is {newest.Number}.");
        // The version that the caller sees as the newest now, not one that arrives meanwhile.
        var input = new UndoInput(machine, newest.Number);
        if (await PlanWish.AnswerAsync(services, call, FlowNames.Undo, input, machine)) return;
        await JobAnswers.AcceptedAsync(call, await PlanWish.StartAsync(
            services, call, FlowNames.Undo, input, machine, id));
    }

    private async Task TierAsync(ApiCall call)
    {
        var machine = call.Machine;
        await StartAsync(
            call, TierNames.Tier, new TierInput(machine), machine,
            async () => await LoadAsync(call, machine));
    }

    private async Task ExpireAsync(ApiCall call)
    {
        var machine = call.Machine;
        // Its number is asked for: what "latest" means may be another version a moment later.
        var version = call.Version ?? throw new RefusedException(
            "newest", $"The newest version of '{machine}' does not expire: undo takes it back.");
        await StartAsync(
            call, ExpiryNames.Expire, new ExpireInput(machine, [version]), machine,
            async () => await ExpiryRules.RequireAsync(
                await LoadAsync(call, machine), version, call.Cancellation));
    }

    private async Task RetentionAsync(ApiCall call)
    {
        var machine = call.Machine;
        await StartAsync(
            call, ExpiryNames.Retention, new RetentionInput(machine), machine,
            async () => await LoadAsync(call, machine));
    }

    private async Task VerifyAsync(ApiCall call)
    {
        var machine = call.Machine;
        var request = await call.BodyAsync(ApiJson.Default.VerifyRequest) ?? new();
        if (request.Percent is < 1 or > 100)
            throw ApiCall.Refused("percent", "a number from 1 to 100", $"{request.Percent}");
        if (request.Rotation < 0)
            throw ApiCall.Refused("rotation", "a number from 0 up", $"{request.Rotation}");
        var input = new VerifyInput(machine, request.Depth, request.Percent, request.Rotation);
        await StartAsync(call, CheckNames.Verify, input, machine, async () =>
        {
            if (!await KnowsAsync(machine, call.Cancellation))
                throw MachineReading.NoMachine(machine);
        });
    }

    private Task StartAsync<TIn, TOut>(
        ApiCall call, FlowName<TIn, TOut> flow, TIn input, string machine, Func<Task> check) =>
        new ActionStart(services).RunAsync(call, flow, input, machine, check);

    private Task<Manifest> LoadAsync(ApiCall call, string machine) =>
        MachineReading.LoadAsync(services.Engine.Manifests, machine, call.Cancellation);

    /// <summary>
    /// Whether anything is stored under the name: a machine whose manifest is lost or damaged is
    /// just what a verification is for.
    /// </summary>
    private async Task<bool> KnowsAsync(string machine, CancellationToken cancellation)
    {
        var prefix = ObjectNames.Machine(machine);
        await foreach (var _ in services.Engine.BaseStore.ListAsync(prefix, cancellation))
            return true;
        await foreach (var _ in services.Engine.DeltaStore.ListAsync(prefix, cancellation))
            return true;
        return false;
    }

    private static void CheckVersion(string parameter, int? version)
    {
        if (version < 1)
            throw ApiCall.Refused(parameter, "a version's number from 1 up", $"{version}");
    }
}
