using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Ports;

/// <summary>
/// Runs flows as jobs. A job that was started is durable when the call returns: it runs to its end
/// though the host be killed.
/// </summary>
public interface IJobs
{
    /// <summary>
    /// Starts a flow; with an id that a job has already, and the same flow, input and machine,
    /// answers that job instead.
    /// </summary>
    /// <param name="flow">The flow.</param>
    /// <param name="input">Its input.</param>
    /// <param name="machine">The machine that it is about.</param>
    /// <param name="id">The job's id, lower case letters, digits and '-'; null for a new one.</param>
    /// <param name="cancellation">Ends the call, not the job.</param>
    /// <exception cref="RefusedException">Reason "job-exists": the id is another job's.</exception>
    Task<JobStatus> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, string? id,
        CancellationToken cancellation);

    /// <summary>Starts a flow and keeps with the job what it is planned to use.</summary>
    Task<JobStatus> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, string? id, Usage? planned,
        CancellationToken cancellation) => StartAsync(flow, input, machine, id, cancellation);

    /// <summary>One job, or null when there is none (any more).</summary>
    Task<JobStatus?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Jobs, the newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">Where the page before ended: its continuation; null for the first.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<JobPage> ListAsync(
        JobFilter filter, string? after, int most, CancellationToken cancellation);

    /// <summary>Asks a job to end; its flow decides where. One that has ended stays as it is.</summary>
    /// <exception cref="NoSuchException">There is no such job.</exception>
    Task RequestCancelAsync(string id, CancellationToken cancellation);
}
