using Microsoft.Azure.Functions.Worker;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.App.Functions;

/// <summary>The steps of an expiry as activities, a line each.</summary>
public sealed class ExpiryFunctions(StepRunner runner)
{
    /// <summary>Tells which versions expire.</summary>
    [Function("PlanExpiry")]
    public Task<string> PlanExpiryAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("PlanExpiry", input, cancellation);

    /// <summary>Lists an expiry.</summary>
    [Function("OpenExpiry")]
    public Task<string> OpenExpiryAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("OpenExpiry", input, cancellation);

    /// <summary>Makes one delta of several of a shard.</summary>
    [Function("ComposeShard")]
    public Task<string> ComposeShardAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("ComposeShard", input, cancellation);

    /// <summary>Lists rewritten deltas.</summary>
    [Function("CloseRewrite")]
    public Task<string> CloseRewriteAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CloseRewrite", input, cancellation);
}
