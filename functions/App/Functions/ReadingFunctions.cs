using Microsoft.Azure.Functions.Worker;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.App.Functions;

/// <summary>The steps of restores and checks as activities, a line each.</summary>
public sealed class ReadingFunctions(StepRunner runner)
{
    /// <summary>Plans a restore.</summary>
    [Function("PlanRestore")]
    public Task<string> PlanRestoreAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("PlanRestore", input, cancellation);

    /// <summary>Makes a restore's target ready.</summary>
    [Function("PrepareTarget")]
    public Task<string> PrepareTargetAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("PrepareTarget", input, cancellation);

    /// <summary>Writes a part of a shard.</summary>
    [Function("RestoreShard")]
    public Task<string> RestoreShardAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("RestoreShard", input, cancellation);

    /// <summary>Writes a whole image.</summary>
    [Function("RestoreImage")]
    public Task<string> RestoreImageAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("RestoreImage", input, cancellation);

    /// <summary>Puts a target under its name.</summary>
    [Function("CompleteRestore")]
    public Task<string> CompleteRestoreAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CompleteRestore", input, cancellation);

    /// <summary>Removes an unfinished target.</summary>
    [Function("AbandonRestore")]
    public Task<string> AbandonRestoreAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("AbandonRestore", input, cancellation);

    /// <summary>Checks a machine's manifest.</summary>
    [Function("CheckMachine")]
    public Task<string> CheckMachineAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CheckMachine", input, cancellation);

    /// <summary>Checks a shard.</summary>
    [Function("CheckShard")]
    public Task<string> CheckShardAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CheckShard", input, cancellation);

    /// <summary>Finds machines in storage.</summary>
    [Function("FindMachines")]
    public Task<string> FindMachinesAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("FindMachines", input, cancellation);

    /// <summary>Makes a head anew.</summary>
    [Function("RebuildMachine")]
    public Task<string> RebuildMachineAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("RebuildMachine", input, cancellation);

    /// <summary>Checks machine files.</summary>
    [Function("CheckFiles")]
    public Task<string> CheckFilesAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CheckFiles", input, cancellation);

    /// <summary>Finds what is archived.</summary>
    [Function("PlanRehydration")]
    public Task<string> PlanRehydrationAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("PlanRehydration", input, cancellation);

    /// <summary>Asks for archived bytes.</summary>
    [Function("StartRehydration")]
    public Task<string> StartRehydrationAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("StartRehydration", input, cancellation);

    /// <summary>Looks whether they are back.</summary>
    [Function("CheckRehydration")]
    public Task<string> CheckRehydrationAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CheckRehydration", input, cancellation);
}
