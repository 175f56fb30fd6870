using Microsoft.Azure.Functions.Worker;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.App.Functions;

/// <summary>The steps of a machine's deletion as activities, a line each.</summary>
public sealed class PurgingFunctions(StepRunner runner)
{
    /// <summary>Tells how it stands.</summary>
    [Function("LookPurge")]
    public Task<string> LookPurgeAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("LookPurge", input, cancellation);

    /// <summary>Marks the machine.</summary>
    [Function("MarkPurge")]
    public Task<string> MarkPurgeAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("MarkPurge", input, cancellation);

    /// <summary>Deletes the manifest.</summary>
    [Function("DeleteHead")]
    public Task<string> DeleteHeadAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("DeleteHead", input, cancellation);

    /// <summary>Deletes some of the rest.</summary>
    [Function("DeleteObjects")]
    public Task<string> DeleteObjectsAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("DeleteObjects", input, cancellation);
}
