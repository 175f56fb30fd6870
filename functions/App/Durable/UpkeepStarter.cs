using System.Text.Json;
using Microsoft.DurableTask.Client;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Steps.Upkeep;

namespace SnapshotFunctions.App.Durable;

/// <summary>
/// Starts the upkeep of every machine under an id that names the machine and the day, so that a
/// timer which comes twice starts nothing twice.
/// </summary>
public sealed class UpkeepStarter(EngineSource engines, JobStarter jobs, TimeProvider time)
{
    /// <summary>Starts what was not started today.</summary>
    public async Task StartAllAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        var engine = await engines.GetAsync(cancellation);
        var day = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        await foreach (var machine in engine.Services.Manifests.ListMachinesAsync(cancellation))
        {
            var input = JsonSerializer.Serialize(
                new UpkeepInput(machine), UpkeepNames.Upkeep.Input);
            await jobs.StartAsync(
                client, UpkeepNames.Upkeep.Name, input, UpkeepNames.JobOf(machine, day), machine,
                cancellation);
        }
    }
}
