using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>
/// The parameter <c>plan</c> of whatever starts a job: the call is answered with what the job would
/// use and cost, and nothing is started; or the job is started and keeps its plan.
/// </summary>
internal static class PlanWish
{
    private const string Only = "true";
    private const string Kept = "kept";
    private const string None = "false";

    /// <summary>The parameter for the description.</summary>
    public static RouteParameter Parameter { get; } = new(
        "plan", "query", "string",
        "true: answers what the job would use, cost and wait for, and starts nothing; a key of the "
        + "call is not remembered. kept: makes the plan first and keeps it with the job. Default: "
        + "false.")
    {
        Values = [Only, Kept, None],
    };

    /// <summary>The answer for the description.</summary>
    public static RouteAnswer Answer { get; } = new(
        200, "With plan=true: what the job would use.", ApiJson.Default.PlanDocument);

    /// <summary>Answers the plan where only that is wanted.</summary>
    /// <returns>Whether the call is answered.</returns>
    public static async Task<bool> AnswerAsync<TIn, TOut>(
        ApiServices services, ApiCall call, FlowName<TIn, TOut> flow, TIn input, string machine)
    {
        if (Read(call) is not Only) return false;
        var plan = await services.Planner.PlanAsync(flow, input, machine, call.Cancellation);
        await call.WriteAsync(PlanDocument.Of(plan, call.Prices), ApiJson.Default.PlanDocument);
        return true;
    }

    /// <summary>Starts a job, with its plan where that is wanted.</summary>
    public static async Task<JobStatus> StartAsync<TIn, TOut>(
        ApiServices services, ApiCall call, FlowName<TIn, TOut> flow, TIn input, string machine,
        string? id)
    {
        if (Read(call) is not Kept)
            return await services.Jobs.StartAsync(flow, input, machine, id, call.Cancellation);
        // The job that a repeated call means keeps the plan that it was started with.
        Usage? planned = null;
        if (id is null || await services.Jobs.FindAsync(id, call.Cancellation) is not { } known)
        {
            var plan = await services.Planner.PlanAsync(flow, input, machine, call.Cancellation);
            planned = plan.Usage;
        }
        else
        {
            planned = known.Planned;
        }
        return await services.Jobs.StartAsync(
            flow, input, machine, id, planned, call.Cancellation);
    }

    private static string Read(ApiCall call) => call.Text("plan") switch
    {
        null or None => None,
        Only => Only,
        Kept => Kept,
        var other => throw ApiCall.Refused("plan", $"one of {Only}, {Kept}, {None}", other),
    };
}
