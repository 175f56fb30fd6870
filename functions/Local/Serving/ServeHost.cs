using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.Local.Serving.Uploading;
using SnapshotFunctions.Local.Serving.Web;

namespace SnapshotFunctions.Local.Serving;

/// <summary>The API, the watched folder and the jobs of one process, put together and run.</summary>
/// <param name="setting">What to do.</param>
/// <param name="engine">The engine; the metrics are told of its jobs.</param>
/// <param name="metrics">Counts.</param>
/// <param name="logs">Where requests and troubles are logged.</param>
/// <param name="tables">The projection; null where none is kept.</param>
/// <param name="tell">Told of what happens to uploads and of what was resumed.</param>
internal sealed class ServeHost(
    ServeSetting setting, LocalEngine engine, ServeMetrics metrics, ILoggerProvider logs,
    ServeTables? tables, Action<ServeEvent> tell)
{
    private static readonly TimeSpan TidyEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan SyncEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan SyncJobsEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WaitForOthers = TimeSpan.FromMinutes(10);

    private readonly Lock _telling = new();

    /// <summary>Serves until it is stopped; what runs then is stopped between two steps.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var state = StateFolder.Open(setting.StateFolder, engine.Time);
        await using var jobs = new LocalJobs(
            engine, engine.ReadingOver(state.Journal), new LocalJobsOptions(), TellResumed,
            logs.CreateLogger("Jobs"));
        await jobs.ResumeAsync(stop);
        var folder = setting.IncomingFolder;
        var incoming = new IncomingFolder(folder);
        var quarantine = new Quarantine(
            Path.Combine(Path.GetDirectoryName(folder) ?? folder, "quarantine"));
        var intake = new UploadIntake(
            engine, new FolderIntake(incoming, quarantine), WaitForOthers, Tell, setting.Like);
        var watch = new IncomingWatch(engine, incoming, intake, PollEvery);
        var uploads = new FolderUploads(
            engine, folder, quarantine, intake.CheckNewAsync, watch.Poke,
            new FolderUploadOptions());
        var shown = new UploadJobs(jobs, uploads);
        await using var web = await ServeAsync(shown, uploads, stop);
        foreach (var address in web?.Addresses ?? [])
            Tell(new ServeEvent(Now, "listening", Message: address.ToString()));
        Tell(new ServeEvent(Now, "watching", Message: folder));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var closing = CloseAsync(web, ending.Token);
        var tidying = TidyAsync(uploads, ending.Token);
        var upkeep = new UpkeepTimer(setting.Upkeep, engine, jobs, Tell).RunAsync(ending.Token);
        var projecting = tables is null
            ? Task.CompletedTask : ProjectAsync(tables, shown, ending.Token);
        try
        {
            await watch.RunAsync(stop);
        }
        finally
        {
            await ending.CancelAsync();
            await closing;
            await tidying;
            await upkeep;
            await projecting;
        }
    }

    private DateTimeOffset Now => engine.Time.GetUtcNow();

    private async Task<WebHost?> ServeAsync(
        IJobs jobs, IUploads uploads, CancellationToken cancellation)
    {
        if (setting.Web is null) return null;
        var restores = new RestoreFolder(setting.RestoreFolder);
        restores.Prepare();
        var services = new ApiServices(
            engine.Services, jobs, uploads, restores.FileOf, new ApiOptions(),
            logs.CreateLogger("Api"))
        {
            Machines = tables?.Catalog.Queries,
            Prices = engine.Prices,
        };
        return await WebHost.StartAsync(
            setting.Web, new Api(services), services, metrics, logs, cancellation);
    }

    /// <summary>Removes uploads that nobody has gone on with for long.</summary>
    private async Task TidyAsync(FolderUploads uploads, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                try
                {
                    foreach (var upload in await uploads.RemoveAbandonedAsync(stop))
                    {
                        Tell(new ServeEvent(
                            Now, "note", Message: $"{upload} was never completed and is removed."));
                    }
                }
                catch (Exception error) when (error is SnapshotException or IOException
                    or UnauthorizedAccessException)
                {
                    Tell(new ServeEvent(
                        Now, "note", Message: $"Old uploads are left for now: {error.Message}"));
                }
                await Task.Delay(TidyEvery, engine.Time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The user's wish.
        }
    }

    /// <summary>Keeps the tables as the manifests and the jobs are.</summary>
    private async Task ProjectAsync(ServeTables kept, IJobs jobs, CancellationToken stop)
    {
        var synced = DateTimeOffset.MinValue;
        try
        {
            while (true)
            {
                try
                {
                    if (Now - synced < SyncEvery) await kept.SyncJobsAsync(jobs, stop);
                    else await kept.SyncAsync(engine, jobs, stop);
                    if (Now - synced >= SyncEvery) synced = Now;
                }
                catch (SnapshotException error)
                {
                    Tell(new ServeEvent(
                        Now, "note", Code: error.Code,
                        Message: $"The tables are behind: {error.Message}"));
                }
                await Task.Delay(SyncJobsEvery, engine.Time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The user's wish.
        }
    }

    /// <summary>The API is closed at once when the host is to stop, while jobs come to a rest.</summary>
    private static async Task CloseAsync(WebHost? web, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        await stopped.Task;
        if (web is not null) await web.StopAsync();
    }

    private void TellResumed(ResumedJob resumed) => Tell(new ServeEvent(
        Now, "resumed", resumed.Job.Subject,
        Code: resumed.Job.ErrorCode,
        Message: $"{resumed.Job.InstanceId}: {resumed.Trouble?.Message ?? resumed.Job.State.ToString()}"));

    private void Tell(ServeEvent item)
    {
        // Jobs and uploads tell from their own threads.
        lock (_telling) tell(item);
    }
}
