using Azure.Data.Tables;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>
/// Asks the tables by OData filters, a page at a time. The continuation of a page is the last row's
/// key, so that a page can be asked for again, and later.
/// </summary>
public sealed class CatalogQueries : IMachineCatalog
{
    private const int MostRows = 1000;

    private readonly CatalogTables _tables;

    internal CatalogQueries(CatalogTables tables) => _tables = tables;

    /// <summary>Machines in order of their names.</summary>
    /// <param name="prefix">Only names that begin with this; null for all.</param>
    /// <param name="after">The page before's continuation; null for the first page.</param>
    /// <param name="most">How many at most, 1 to 1,000.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<CatalogPage<MachineEntry>> MachinesAsync(
        string? prefix, string? after, int most, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {RowShapes.MachinesPartition} and RowKey gt {after ?? ""}");
        if (!string.IsNullOrEmpty(prefix))
        {
            // Names are a to z, 0 to 9 and '-', so '~' lies after whatever follows the prefix.
            filter += " and " + TableClient.CreateQueryFilter(
                $"RowKey ge {prefix} and RowKey lt {prefix + "~"}");
        }
        return PageAsync(
            _tables.Machines, filter, most, RowShapes.ReadMachine, cancellation);
    }

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<MachineEntry> Machines, bool HasMore)> ListMachinesAsync(
        string? prefix, string? after, int most, CancellationToken cancellation)
    {
        var page = await MachinesAsync(prefix, after, most, cancellation);
        return (page.Rows, page.Continuation is not null);
    }

    /// <summary>The versions of a machine in order of their numbers.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="filter">Which.</param>
    /// <param name="after">The page before's continuation; null for the first page.</param>
    /// <param name="most">How many at most, 1 to 1,000.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<CatalogPage<VersionRow>> VersionsAsync(
        string machine, VersionFilter filter, string? after, int most,
        CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", machine);
        var parts = new List<string>
        {
            TableClient.CreateQueryFilter(
                $"PartitionKey eq {machine} and RowKey gt {after ?? ""}"),
            TableClient.CreateQueryFilter($"State eq {filter.State ?? "ready"}"),
        };
        if (filter.From is { } from) parts.Add(TableClient.CreateQueryFilter($"Time ge {from}"));
        if (filter.To is { } to) parts.Add(TableClient.CreateQueryFilter($"Time lt {to}"));
        if (filter.Label is { } label)
            parts.Add(TableClient.CreateQueryFilter($"Label eq {label}"));
        if (filter.Snapshot is { } snapshot)
            parts.Add(TableClient.CreateQueryFilter($"Snapshot eq {snapshot}"));
        return PageAsync(
            _tables.Versions, string.Join(" and ", parts), most, RowShapes.ReadVersion,
            cancellation);
    }

    /// <summary>Jobs, the newest first.</summary>
    /// <param name="machine">Only jobs about this machine; null for all.</param>
    /// <param name="state">Only jobs in this state; null for all.</param>
    /// <param name="flow">Only jobs of this flow; null for all.</param>
    /// <param name="after">The page before's continuation; null for the first page.</param>
    /// <param name="most">How many at most, 1 to 1,000.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<CatalogPage<JobRow>> JobsAsync(
        string? machine, string? state, string? flow, string? after, int most,
        CancellationToken cancellation)
    {
        var parts = new List<string>
        {
            TableClient.CreateQueryFilter(
                $"PartitionKey eq {RowShapes.JobsPartition} and RowKey gt {after ?? ""}"),
        };
        if (machine is not null)
            parts.Add(TableClient.CreateQueryFilter($"Machine eq {machine}"));
        if (state is not null) parts.Add(TableClient.CreateQueryFilter($"State eq {state}"));
        if (flow is not null) parts.Add(TableClient.CreateQueryFilter($"Flow eq {flow}"));
        return PageAsync(
            _tables.Jobs, string.Join(" and ", parts), most, RowShapes.ReadJob, cancellation);
    }

    private async Task<CatalogPage<T>> PageAsync<T>(
        TableClient table, string filter, int most, Func<TableEntity, T> read,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MostRows);
        return await _tables.Errors.RunAsync(
            table.Name,
            async () =>
            {
                var rows = new List<T>();
                var last = "";
                // The service may answer a page short, or empty, with more to come: it stops at
                // the ends of its own partitions and after five seconds of looking.
                await foreach (var row in table.QueryAsync<TableEntity>(
                    filter, Math.Min(MostRows, most + 1), cancellationToken: cancellation))
                {
                    if (rows.Count == most) return new CatalogPage<T>(rows, last);
                    rows.Add(read(row));
                    last = row.RowKey;
                }
                return new CatalogPage<T>(rows, null);
            },
            cancellation);
    }
}
