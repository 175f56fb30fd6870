using System.Text.Json;
using Microsoft.DurableTask.Client;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.App.Http;

/// <summary>The jobs of the API as orchestrations.</summary>
/// <param name="client">Reaches the orchestrations, in the call that is being answered.</param>
/// <param name="starter">Starts each id once.</param>
/// <param name="time">The clock.</param>
public sealed class DurableJobs(
    Func<DurableTaskClient> client, JobStarter starter, TimeProvider time) : IJobs
{
    private const int MostRead = 100;

    /// <inheritdoc/>
    public Task<JobStatus> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, string? id,
        CancellationToken cancellation) =>
        StartAsync(flow, input, machine, id, planned: null, cancellation);

    /// <inheritdoc/>
    public async Task<JobStatus> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, string? id, Usage? planned,
        CancellationToken cancellation)
    {
        var json = JsonSerializer.Serialize(input, flow.Input);
        // The random half keeps two calls of one instant apart.
        var job = id ?? $"{flow.Name.ToLowerInvariant()}-{machine}-"
            + $"{time.GetUtcNow():yyyyMMddHHmmss}-{Guid.NewGuid().ToString("N")[..8]}";
        var started = await starter.StartAsync(
            client(), flow.Name, json, job, machine, planned, cancellation);
        var standing = await client().GetInstanceAsync(
            job, getInputsAndOutputs: true, cancellation)
            ?? throw new StoreBusyException(job, "the job was started and is not listed yet");
        if (!started && !IsSame(standing, flow.Name, json, machine))
        {
            throw new RefusedException(
                "job-exists",
                $"Job '{job}' was started at {standing.CreatedAt:u} as flow {standing.Name} with "
                + "another input. Choose another id.");
        }
        return JobStatuses.Of(standing);
    }

    /// <inheritdoc/>
    public async Task<JobStatus?> FindAsync(string id, CancellationToken cancellation)
    {
        var found = await client().GetInstanceAsync(id, getInputsAndOutputs: true, cancellation);
        return found is null || JobStatuses.IsPart(found) ? null : JobStatuses.Of(found);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The runtime lists by no order of time, so a page is put together from all that fit.
    /// </remarks>
    public async Task<JobPage> ListAsync(
        JobFilter filter, string? after, int most, CancellationToken cancellation)
    {
        var found = new List<JobStatus>();
        var query = new OrchestrationQuery(FetchInputsAndOutputs: true, PageSize: MostRead);
        await foreach (var instance in client().GetAllInstancesAsync(query)
            .WithCancellation(cancellation))
        {
            if (JobStatuses.IsPart(instance)) continue;
            var job = JobStatuses.Of(instance);
            if (JobStatuses.Fits(job, filter)) found.Add(job);
        }
        var page = found
            .OrderBy(JobStatuses.KeyOf, StringComparer.Ordinal)
            .Where(j => after is null
                || string.CompareOrdinal(JobStatuses.KeyOf(j), after) > 0)
            .Take(most + 1).ToList();
        if (page.Count <= most) return new JobPage(page, null);
        page.RemoveAt(most);
        return new JobPage(page, JobStatuses.KeyOf(page[^1]));
    }

    /// <inheritdoc/>
    public async Task RequestCancelAsync(string id, CancellationToken cancellation)
    {
        var found = await client().GetInstanceAsync(
            id, getInputsAndOutputs: false, cancellation)
            ?? throw new NoSuchException($"job '{id}'", "List the jobs to see their ids.");
        if (!found.IsCompleted)
        {
            await client().RaiseEventAsync(
                id, DurableFlowContext.CancelEvent, string.Empty, cancellation);
        }
    }

    private static bool IsSame(
        OrchestrationMetadata standing, string flow, string json, string machine)
    {
        var input = JobStatuses.InputOf(standing);
        return string.Equals(standing.Name, flow, StringComparison.Ordinal)
            && string.Equals(input?.Input, json, StringComparison.Ordinal)
            && string.Equals(input?.Subject, machine, StringComparison.Ordinal);
    }
}
