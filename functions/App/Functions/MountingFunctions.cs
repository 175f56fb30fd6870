using Microsoft.Azure.Functions.Worker;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.App.Functions;

/// <summary>The steps that commit mounts as activities, a line each.</summary>
public sealed class MountingFunctions(StepRunner runner)
{
    /// <summary>Lets no write to a mount be acknowledged any more.</summary>
    [Function("FreezeMount")]
    public Task<string> FreezeMountAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("FreezeMount", input, cancellation);

    /// <summary>Fixes what of a mount is ingested.</summary>
    [Function("SealMount")]
    public Task<string> SealMountAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("SealMount", input, cancellation);

    /// <summary>Makes a mount writable again.</summary>
    [Function("ReopenMount")]
    public Task<string> ReopenMountAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("ReopenMount", input, cancellation);

    /// <summary>Removes what a committed mount has left.</summary>
    [Function("CloseMount")]
    public Task<string> CloseMountAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CloseMount", input, cancellation);
}
