using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>
/// Starts a job once what can be told at once is checked, or answers with its plan. A call that is
/// repeated under its key is not checked again: its own job may have changed the answer.
/// </summary>
internal sealed class ActionStart(ApiServices services)
{
    /// <summary>Checks, then starts or plans.</summary>
    public async Task RunAsync<TIn, TOut>(
        ApiCall call, FlowName<TIn, TOut> flow, TIn input, string machine, Func<Task> check)
    {
        var id = IdempotencyKey.JobId(call, flow.Name, machine);
        if (string.Equals(call.Text("plan"), "true", StringComparison.Ordinal)) id = null;
        if (id is null || await services.Jobs.FindAsync(id, call.Cancellation) is null)
            await check();
        if (await PlanWish.AnswerAsync(services, call, flow, input, machine)) return;
        var job = await PlanWish.StartAsync(services, call, flow, input, machine, id);
        await JobAnswers.AcceptedAsync(call, job);
    }
}
