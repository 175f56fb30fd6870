using System.Globalization;
using System.Text.Json;
using Microsoft.DurableTask.Client;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.App.Http;

/// <summary>Orchestrations as the API's jobs.</summary>
internal static class JobStatuses
{
    /// <summary>Whether it is a part of another orchestration, which is no job of its own.</summary>
    public static bool IsPart(OrchestrationMetadata instance) =>
        InputOf(instance) is not { IsPart: false };

    /// <summary>What it was started with; null when that cannot be read.</summary>
    public static FlowInput? InputOf(OrchestrationMetadata instance)
    {
        try
        {
            return FlowInput.Parse(instance.ReadInputAs<string>());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not of this app: an orchestration of another one that shares the hub.
            return null;
        }
    }

    /// <summary>The job that an orchestration is.</summary>
    public static JobStatus Of(OrchestrationMetadata instance)
    {
        var input = InputOf(instance);
        var report = JobReport.Parse(instance.ReadCustomStatusAs<string>());
        var state = StateOf(instance, report);
        var ended = instance.IsCompleted ? instance.LastUpdatedAt : (DateTimeOffset?)null;
        var failed = state is JobState.Failed or JobState.Cancelled;
        return new JobStatus(
            instance.InstanceId, instance.Name, input?.Subject, state, report.CancelRequested,
            input?.Started ?? instance.CreatedAt, ended, report.Progress,
            state is JobState.Completed ? instance.ReadOutputAs<string>() : null,
            failed ? report.ErrorCode ?? "internal" : null,
            failed ? report.ErrorMessage ?? instance.FailureDetails?.ErrorMessage : null)
        {
            Used = report.Used,
            Planned = input?.Planned,
        };
    }

    /// <summary>Whether a job is among those that are asked for.</summary>
    public static bool Fits(JobStatus job, JobFilter filter) =>
        (filter.Machine is null || Same(filter.Machine, job.Machine))
        && (filter.Flow is null || Same(filter.Flow, job.Flow))
        && (filter.State is null || filter.State == job.State);

    /// <summary>A text that puts the newest job first and tells two of one instant apart.</summary>
    public static string KeyOf(JobStatus job) => string.Create(
        CultureInfo.InvariantCulture,
        $"{DateTimeOffset.MaxValue.UtcTicks - job.Started.UtcTicks:D19}-{job.Id}");

    private static JobState StateOf(OrchestrationMetadata instance, JobReport report) =>
        instance.RuntimeStatus switch
        {
            OrchestrationRuntimeStatus.Pending => JobState.Pending,
            OrchestrationRuntimeStatus.Completed => JobState.Completed,
            OrchestrationRuntimeStatus.Terminated => JobState.Cancelled,
            OrchestrationRuntimeStatus.Failed when report is
                { CancelRequested: true, ErrorCode: "canceled" } => JobState.Cancelled,
            OrchestrationRuntimeStatus.Failed => JobState.Failed,
            _ => JobState.Running,
        };

    private static bool Same(string one, string? other) =>
        string.Equals(one, other, StringComparison.Ordinal);
}
