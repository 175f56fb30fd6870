using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Upkeep;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Hosting;

namespace SnapshotFunctions.Local.Serving;

/// <summary>
/// Starts the upkeep of every machine at its time, as jobs named by machine and time: one run a
/// machine at a time, and none twice. A time that came while nothing served is caught up once, at
/// the start, for the machines that were there then.
/// </summary>
internal sealed class UpkeepTimer(
    UpkeepSetting? setting, LocalEngine engine, IJobs jobs, Action<ServeEvent> tell)
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMinutes(1);

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var done = DateTimeOffset.MinValue;
        try
        {
            while (true)
            {
                if (setting is not null && setting.SlotAt(Now) is var slot && slot > done
                    && await StartAllAsync(slot, stop)) done = slot;
                await engine.Services.Reads.FlushAsync(onlyDue: true, stop);
                var next = setting is null ? FlushEvery : setting.SlotAt(Now) + setting.Every - Now;
                await Task.Delay(next < FlushEvery ? next : FlushEvery, engine.Time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was read last is still counted.
            await engine.Services.Reads.FlushAsync(onlyDue: false, CancellationToken.None);
        }
    }

    private DateTimeOffset Now => engine.Time.GetUtcNow();

    /// <summary>Starts what is not started; false when the store does not answer now.</summary>
    private async Task<bool> StartAllAsync(DateTimeOffset slot, CancellationToken stop)
    {
        try
        {
            await foreach (var machine in engine.Manifests.ListMachinesAsync(stop))
                await StartAsync(machine, slot, stop);
            return true;
        }
        catch (StoreException error)
        {
            tell(new ServeEvent(
                Now, "note", Code: error.Code,
                Message: $"Upkeep is tried again in a minute: {error.Message}"));
            return false;
        }
    }

    private async Task StartAsync(string machine, DateTimeOffset slot, CancellationToken stop)
    {
        try
        {
            var id = UpkeepNames.JobOf(machine, slot);
            if (await jobs.FindAsync(id, stop) is not null) return;
            var manifest = await engine.Manifests.LoadAsync(machine, stop);
            // One that came later has missed nothing; and a slot is nobody's twice.
            if (manifest.Head.Created > slot || IsDone(manifest.Head.Upkeep, slot)) return;
            await jobs.StartAsync(
                UpkeepNames.Upkeep, new UpkeepInput(machine), machine, id, stop);
        }
        catch (SnapshotException error) when (error is not StoreException)
        {
            // One damaged manifest must not keep the other machines from theirs.
            tell(new ServeEvent(
                Now, "note", machine, Code: error.Code,
                Message: $"Upkeep could not be started: {error.Message}"));
        }
    }

    /// <summary>The list of jobs forgets; what was done since is told by the head.</summary>
    private static bool IsDone(Engine.Policies.UpkeepRecord? record, DateTimeOffset slot) =>
        record is not null && new[] { record.Retention, record.Quick, record.Share, record.Tiering }
            .Any(t => t >= slot);
}
