using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.App.Functions;

/// <summary>The steps of upkeep and repair as activities, a line each, and the timer.</summary>
public sealed class UpkeepFunctions(StepRunner runner, UpkeepStarter starter)
{
    /// <summary>Every night at two, by UTC.</summary>
    private const string Nightly = "0 0 2 * * *";

    /// <summary>Starts the upkeep of every machine.</summary>
    [Function("UpkeepTimer")]
    public Task UpkeepTimerAsync(
        [TimerTrigger(Nightly)] TimerInfo timer,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        starter.StartAllAsync(client, cancellation);

    /// <summary>Tells what is due.</summary>
    [Function("PlanUpkeep")]
    public Task<string> PlanUpkeepAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("PlanUpkeep", input, cancellation);

    /// <summary>Writes down what was done.</summary>
    [Function("RecordUpkeep")]
    public Task<string> RecordUpkeepAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("RecordUpkeep", input, cancellation);

    /// <summary>Deletes what nobody may read any more.</summary>
    [Function("Sweep")]
    public Task<string> SweepAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("Sweep", input, cancellation);

    /// <summary>Lists a repair.</summary>
    [Function("OpenRepair")]
    public Task<string> OpenRepairAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("OpenRepair", input, cancellation);

    /// <summary>Repairs a shard.</summary>
    [Function("RepairShard")]
    public Task<string> RepairShardAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("RepairShard", input, cancellation);

    /// <summary>Counts that a version was restored.</summary>
    [Function("NoteRead")]
    public Task<string> NoteReadAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("NoteRead", input, cancellation);
}
