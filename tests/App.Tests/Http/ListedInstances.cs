using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.AppTests.Http;

/// <summary>Orchestrations that stand as a test says; nothing runs.</summary>
internal sealed class ListedInstances() : DurableTaskClient("listed")
{
    public Dictionary<string, OrchestrationMetadata> All { get; } = new(StringComparer.Ordinal);

    public List<(string Id, string Event)> Raised { get; } = [];

    /// <summary>Puts an orchestration there with an input that is no text of this app, or is.</summary>
    public void Add(string id, string name, string input) => All[id] = Make(
        id, name, OrchestrationRuntimeStatus.Pending, JsonSerializer.Serialize(input), null, null);

    public void Change(
        string id, OrchestrationRuntimeStatus status, JobReport report, string? output = null)
    {
        var old = All[id];
        All[id] = Make(
            id, old.Name, status, old.SerializedInput!, JsonSerializer.Serialize(report.ToJson()),
            output is null ? null : JsonSerializer.Serialize(output));
    }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        Add(options!.InstanceId!, orchestratorName.Name, (string)input!);
        return Task.FromResult(options.InstanceId!);
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null,
        CancellationToken cancellation = default)
    {
        Raised.Add((instanceId, eventName));
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) =>
        Task.FromResult(All.GetValueOrDefault(instanceId));

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(
        OrchestrationQuery? filter = null) =>
        Pageable.Create<OrchestrationMetadata>((_, _) => Task.FromResult(
            new Page<OrchestrationMetadata>([.. All.Values])));

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task ResumeInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static OrchestrationMetadata Make(
        string id, string name, OrchestrationRuntimeStatus status, string input, string? report,
        string? output) => new(name, id)
        {
            DataConverter = JsonDataConverter.Default,
            RuntimeStatus = status,
            SerializedInput = input,
            SerializedCustomStatus = report,
            SerializedOutput = output,
            LastUpdatedAt = DateTimeOffset.UnixEpoch.AddDays(1),
        };
}
