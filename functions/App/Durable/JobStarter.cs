using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.App.Durable;

/// <summary>Starts jobs, each id once.</summary>
public sealed class JobStarter(TimeProvider time)
{
    private const int MostAttempts = 100;

    /// <summary>Starts a flow under an id; nothing happens if a job of that id stands.</summary>
    /// <returns>False if there was one.</returns>
    public Task<bool> StartAsync(
        DurableTaskClient client, string flow, string input, string id, string? subject,
        CancellationToken cancellation) =>
        StartAsync(client, flow, input, id, subject, planned: null, cancellation);

    /// <summary>The same, for a job that keeps what it is planned to use.</summary>
    public async Task<bool> StartAsync(
        DurableTaskClient client, string flow, string input, string id, string? subject,
        Usage? planned, CancellationToken cancellation)
    {
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: false, cancellation) is not null)
            return false;
        PayloadTooLargeException.Check($"The input of flow {flow}", input);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                flow,
                new FlowInput(input, subject, time.GetUtcNow(), Planned: planned).ToJson(),
                new StartOrchestrationOptions(InstanceId: id), cancellation);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Another starter may have been first; only if nobody was is it an error.
            var standing = await client.GetInstanceAsync(
                id, getInputsAndOutputs: false, cancellation);
            if (standing is null) throw;
            return false;
        }
    }

    /// <summary>
    /// Starts a flow unless a job with this stem runs or has ended well. One that failed is
    /// followed by another attempt with a number behind its id, once it has rested.
    /// </summary>
    /// <returns>The id that was started; null when none was.</returns>
    public async Task<string?> EnsureAsync(
        DurableTaskClient client, string flow, string input, string stem, string? subject,
        TimeSpan rest, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var id = attempt == 1
                ? stem
                : $"{stem}-{attempt.ToString(CultureInfo.InvariantCulture)}";
            var standing = await client.GetInstanceAsync(
                id, getInputsAndOutputs: false, cancellation);
            if (standing is null)
            {
                return await StartAsync(client, flow, input, id, subject, cancellation)
                    ? id : null;
            }
            if (!standing.IsCompleted
                || standing.RuntimeStatus == OrchestrationRuntimeStatus.Completed
                || time.GetUtcNow() - standing.LastUpdatedAt < rest) return null;
        }
        return null;
    }
}
