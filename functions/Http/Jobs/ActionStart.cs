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
    /// <param name="call">The call.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="input">Its input.</param>
    /// <param name="machine">The machine that it is about.</param>
    /// <param name="check">Refuses what can be told at once.</param>
    /// <param name="ownId">The job's id where the call brings no key; null for a new one.</param>
    public async Task RunAsync<TIn, TOut>(
        ApiCall call, FlowName<TIn, TOut> flow, TIn input, string machine, Func<Task> check,
        string? ownId = null)
    {
        var id = IdempotencyKey.JobId(call, flow.Name, machine) ?? ownId;
        if (string.Equals(call.Text("plan"), "true", StringComparison.Ordinal)) id = null;
        if (id is null || await services.Jobs.FindAsync(id, call.Cancellation) is null)
            await check();
        if (await PlanWish.AnswerAsync(services, call, flow, input, machine)) return;
        var job = await PlanWish.StartAsync(services, call, flow, input, machine, id);
        await JobAnswers.AcceptedAsync(call, job);
    }
}
