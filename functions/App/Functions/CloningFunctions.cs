using Microsoft.Azure.Functions.Worker;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.App.Functions;

/// <summary>The steps of clones as activities, a line each.</summary>
public sealed class CloningFunctions(StepRunner runner)
{
    /// <summary>Finds the machine that a new one is most like.</summary>
    [Function("ChooseOrigin")]
    public Task<string> ChooseOriginAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("ChooseOrigin", input, cancellation);

    /// <summary>Pins a version for a clone.</summary>
    [Function("PinOrigin")]
    public Task<string> PinOriginAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("PinOrigin", input, cancellation);

    /// <summary>Makes a clone's manifest.</summary>
    [Function("CreateClone")]
    public Task<string> CreateCloneAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CreateClone", input, cancellation);

    /// <summary>Takes a clone's pin away.</summary>
    [Function("UnpinOrigin")]
    public Task<string> UnpinOriginAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("UnpinOrigin", input, cancellation);

    /// <summary>Lists a flattening.</summary>
    [Function("OpenFlatten")]
    public Task<string> OpenFlattenAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("OpenFlatten", input, cancellation);

    /// <summary>Gives one shard's base all its blocks.</summary>
    [Function("FlattenShard")]
    public Task<string> FlattenShardAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("FlattenShard", input, cancellation);

    /// <summary>Lists a clone as a machine without an origin.</summary>
    [Function("CloseFlatten")]
    public Task<string> CloseFlattenAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CloseFlatten", input, cancellation);
}
