using Microsoft.Azure.Functions.Worker;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.App.Functions;

/// <summary>The steps of a consolidation as activities, a line each.</summary>
public sealed class ConsolidationFunctions(StepRunner runner)
{
    /// <summary>Lists a move of a base.</summary>
    [Function("OpenMove")]
    public Task<string> OpenMoveAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("OpenMove", input, cancellation);

    /// <summary>Moves a shard's base.</summary>
    [Function("PatchShard")]
    public Task<string> PatchShardAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("PatchShard", input, cancellation);

    /// <summary>Lists where bases stand.</summary>
    [Function("CloseMove")]
    public Task<string> CloseMoveAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CloseMove", input, cancellation);

    /// <summary>Shuts an operation out of a shard.</summary>
    [Function("FenceShard")]
    public Task<string> FenceShardAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("FenceShard", input, cancellation);

    /// <summary>Hides the newest version.</summary>
    [Function("Withdraw")]
    public Task<string> WithdrawAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("Withdraw", input, cancellation);

    /// <summary>Takes the newest version off.</summary>
    [Function("CloseUndo")]
    public Task<string> CloseUndoAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CloseUndo", input, cancellation);

    /// <summary>Lists a merged index.</summary>
    [Function("OpenMerge")]
    public Task<string> OpenMergeAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("OpenMerge", input, cancellation);

    /// <summary>Makes a shard's merged index.</summary>
    [Function("MergeShard")]
    public Task<string> MergeShardAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("MergeShard", input, cancellation);

    /// <summary>Publishes merged indexes.</summary>
    [Function("CloseMerge")]
    public Task<string> CloseMergeAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CloseMerge", input, cancellation);
}
