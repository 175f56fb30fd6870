using Azure;
using Azure.Data.Tables;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>Writes rows of jobs; what arrives late or twice changes nothing.</summary>
internal sealed class JobRows(CatalogTables tables)
{
    private const int MostAttempts = 8;

    /// <summary>Writes where a job stands, unless it has ended already.</summary>
    public async Task WriteAsync(JobRow job, CancellationToken cancellation)
    {
        var row = RowShapes.Job(job);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryAsync(row, cancellation);
                return;
            }
            catch (RequestFailedException conflict) when (
                TableErrors.IsConflict(conflict) && attempt < MostAttempts)
            {
                // Another writer was first; whether the job has ended is looked at anew.
            }
            catch (RequestFailedException conflict) when (TableErrors.IsConflict(conflict))
            {
                throw new StoreBusyException(
                    job.Id, $"others changed its row {MostAttempts} times", inner: conflict);
            }
        }
    }

    private async Task TryAsync(TableEntity row, CancellationToken cancellation)
    {
        var found = await tables.Errors.RunAsync(
            row.RowKey,
            () => tables.Jobs.GetEntityIfExistsAsync<TableEntity>(
                row.PartitionKey, row.RowKey, cancellationToken: cancellation),
            cancellation);
        if (found.HasValue && RowShapes.ReadJob(found.Value!).HasEnded) return;
        await tables.Errors.RunAsync(
            row.RowKey,
            () => found.HasValue
                ? tables.Jobs.UpdateEntityAsync(
                    row, found.Value!.ETag, TableUpdateMode.Replace, cancellation)
                : tables.Jobs.AddEntityAsync(row, cancellation),
            cancellation);
    }
}
