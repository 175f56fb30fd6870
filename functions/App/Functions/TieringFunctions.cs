using Microsoft.Azure.Functions.Worker;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.App.Functions;

/// <summary>The steps of tiering as activities, a line each.</summary>
public sealed class TieringFunctions(StepRunner runner)
{
    /// <summary>Looks which objects move by themselves.</summary>
    [Function("PlanTier")]
    public Task<string> PlanTierAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("PlanTier", input, cancellation);

    /// <summary>Moves objects to colder tiers.</summary>
    [Function("MoveTier")]
    public Task<string> MoveTierAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("MoveTier", input, cancellation);

    /// <summary>Lists the writing of packs.</summary>
    [Function("OpenPack")]
    public Task<string> OpenPackAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("OpenPack", input, cancellation);

    /// <summary>Writes a pack.</summary>
    [Function("WritePack")]
    public Task<string> WritePackAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("WritePack", input, cancellation);

    /// <summary>Lists packs that were written.</summary>
    [Function("ClosePack")]
    public Task<string> ClosePackAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("ClosePack", input, cancellation);
}
