using Microsoft.Extensions.Logging;
using SnapshotFunctions.AzureStore.Catalog;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Hosting;

namespace SnapshotFunctions.Local.Serving;

/// <summary>
/// The projection on Azure Tables of a store that lies on Azure. Trouble with it is told and ends
/// nothing: the manifests are what counts, and the next look makes good what was missed.
/// </summary>
internal sealed class ServeTables
{
    private const int MostJobs = 100;

    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly TableCatalog _catalog;

    private ServeTables(TableCatalog catalog) => _catalog = catalog;

    /// <summary>Is told of manifests, and answers queries.</summary>
    public TableCatalog Catalog => _catalog;

    /// <summary>Opens the tables of a store; null when it has none, or they cannot be used.</summary>
    public static async Task<ServeTables?> OpenAsync(
        OpenStore store, ILogger logger, Action<string> tell, CancellationToken cancellation)
    {
        if (store.Tables is null) return null;
        try
        {
            return new ServeTables(new TableCatalog(
                await CatalogTables.OpenAsync(store.Tables, null, cancellation), logger));
        }
        catch (SnapshotException error)
        {
            tell($"The tables are not kept: {error.Message} Lists are made from the manifests.");
            return null;
        }
    }

    /// <summary>Brings all rows up to date: of machines, of versions, and of the newest jobs.</summary>
    public async Task SyncAsync(
        LocalEngine engine, IJobs jobs, CancellationToken cancellation)
    {
        await _catalog.SyncAllAsync(engine.Manifests, cancellation);
        await SyncJobsAsync(jobs, cancellation);
    }

    /// <summary>Writes the rows of jobs that have changed.</summary>
    public async Task SyncJobsAsync(IJobs jobs, CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var page = await jobs.ListAsync(new JobFilter(), after, MostJobs, cancellation);
            foreach (var job in page.Jobs)
            {
                if (_ended.Contains(job.Id)) continue;
                var row = RowOf(job);
                await _catalog.WriteJobAsync(row, cancellation);
                if (row.HasEnded) _ended.Add(job.Id);
            }
            after = page.Continuation;
        }
        while (after is not null);
    }

    private static JobRow RowOf(JobStatus job) => new(
        job.Id, job.Flow, job.Machine,
        job.State switch
        {
            JobState.Pending => "pending",
            JobState.Running => "running",
            JobState.Completed => "completed",
            JobState.Failed => "failed",
            _ => "cancelled",
        },
        job.Started, job.Ended, job.Output, job.ErrorCode, job.ErrorMessage);
}
