using Azure;
using Azure.Data.Tables;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>
/// Brings the rows of one machine to what a manifest says. Idempotent; of two that run at once the
/// newer revision wins row by row. Versions go first and the machine's row last: it tells which
/// revision all rows have reached, so a crash in between is made good by the next run.
/// </summary>
internal sealed class CatalogSync(CatalogTables tables)
{
    private const int MostAttempts = 8;
    private const int BatchRows = 100;

    /// <summary>Brings a machine's rows up to date.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="all">Whether rows of pages that did not change are looked through too.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task RunAsync(Manifest manifest, bool all, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryAsync(manifest, all, cancellation);
                return;
            }
            catch (RequestFailedException conflict) when (
                TableErrors.IsConflict(conflict) && attempt < MostAttempts)
            {
                // Another writer was at the same rows; what it left is read anew.
            }
            catch (RequestFailedException conflict) when (TableErrors.IsConflict(conflict))
            {
                throw new StoreBusyException(
                    manifest.Machine, $"others changed its rows {MostAttempts} times", inner: conflict);
            }
        }
    }

    /// <summary>Removes all rows of a machine.</summary>
    public async Task RemoveAsync(string machine, CancellationToken cancellation)
    {
        await tables.Errors.RunAsync(
            machine,
            () => tables.Machines.DeleteEntityAsync(
                RowShapes.MachinesPartition, machine, ETag.All, cancellation),
            cancellation);
        var rows = await ReadVersionsAsync(machine, "", "", cancellation);
        await WriteAsync(
            [.. rows.Values.Select(r => new TableTransactionAction(
                TableTransactionActionType.Delete, r, ETag.All))],
            machine, cancellation);
    }

    private async Task TryAsync(Manifest manifest, bool all, CancellationToken cancellation)
    {
        var standing = await FindMachineAsync(manifest.Machine, cancellation);
        var revision = manifest.Head.Revision;
        var reached = standing?.GetInt64(RowShapes.Revision);
        if (reached > revision || (reached == revision && !all)) return;
        var pages = all || standing is null ? "" : standing.GetString(RowShapes.Pages) ?? "";
        foreach (var part in Parts(manifest.Head, pages))
            await SyncVersionsAsync(manifest, part.First, part.Last, cancellation);
        var row = RowShapes.Machine(
            manifest, await BasePosition.FindAsync(manifest, cancellation));
        await tables.Errors.RunAsync(
            manifest.Machine,
            () => standing is null
                ? tables.Machines.AddEntityAsync(row, cancellation)
                : tables.Machines.UpdateEntityAsync(
                    row, standing.ETag, TableUpdateMode.Replace, cancellation),
            cancellation);
    }

    /// <summary>The numbers to look through: pages that are new or were rewritten, and the head.</summary>
    private static IEnumerable<(int First, int Last)> Parts(ManifestHead head, string pages)
    {
        var known = pages.Split(' ').ToHashSet(StringComparer.Ordinal);
        var above = 0;
        foreach (var (first, page) in RowShapes.PageParts(head))
        {
            if (!known.Contains(RowShapes.PartOf(first, page))) yield return (first, page.Last);
            above = page.Last;
        }
        yield return (above + 1, int.MaxValue);
    }

    private async Task SyncVersionsAsync(
        Manifest manifest, int first, int last, CancellationToken cancellation)
    {
        var revision = manifest.Head.Revision;
        var rows = await ReadVersionsAsync(
            manifest.Machine, RowShapes.KeyOf(first), RowShapes.KeyOf(last), cancellation);
        var actions = new List<TableTransactionAction>();
        await foreach (var version in manifest.VersionsAsync(first, last, cancellation))
        {
            var wanted = RowShapes.Version(manifest.Machine, version, revision);
            if (!rows.Remove(wanted.RowKey, out var found))
                actions.Add(new(TableTransactionActionType.Add, wanted));
            else if (IsOlder(found, revision) && Differs(found, wanted))
                actions.Add(new(TableTransactionActionType.UpdateReplace, wanted, found.ETag));
        }
        foreach (var row in rows.Values)
        {
            if (!IsOlder(row, revision) || row.GetString("State") is RowShapes.Gone) continue;
            actions.Add(new(
                TableTransactionActionType.UpdateReplace,
                RowShapes.GoneVersion(row, revision), row.ETag));
        }
        await WriteAsync(actions, manifest.Machine, cancellation);
    }

    private async Task WriteAsync(
        List<TableTransactionAction> actions, string machine, CancellationToken cancellation)
    {
        foreach (var batch in actions.Chunk(BatchRows))
        {
            await tables.Errors.RunAsync(
                machine, () => tables.Versions.SubmitTransactionAsync(batch, cancellation),
                cancellation);
        }
    }

    private async Task<TableEntity?> FindMachineAsync(
        string machine, CancellationToken cancellation)
    {
        var found = await tables.Errors.RunAsync(
            machine,
            () => tables.Machines.GetEntityIfExistsAsync<TableEntity>(
                RowShapes.MachinesPartition, machine, cancellationToken: cancellation),
            cancellation);
        return found.HasValue ? found.Value : null;
    }

    private async Task<Dictionary<string, TableEntity>> ReadVersionsAsync(
        string machine, string first, string last, CancellationToken cancellation)
    {
        var filter = last.Length == 0
            ? TableClient.CreateQueryFilter($"PartitionKey eq {machine}")
            : TableClient.CreateQueryFilter(
                $"PartitionKey eq {machine} and RowKey ge {first} and RowKey le {last}");
        return await tables.Errors.RunAsync(
            machine,
            async () =>
            {
                var rows = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
                await foreach (var row in tables.Versions.QueryAsync<TableEntity>(
                    filter, cancellationToken: cancellation)) rows.Add(row.RowKey, row);
                return rows;
            },
            cancellation);
    }

    private static bool IsOlder(TableEntity row, long revision) =>
        (row.GetInt64(RowShapes.Revision) ?? 0) < revision;

    /// <summary>Whether anything but the revision differs: a row that says the same stays.</summary>
    private static bool Differs(TableEntity found, TableEntity wanted) =>
        wanted.Any(p => p.Key is not RowShapes.Revision and not "PartitionKey" and not "RowKey"
            && p.Value is not null
            && !Equals(found.TryGetValue(p.Key, out var value) ? value : null, p.Value))
        || found.Any(p => p.Value is not null && !IsOfService(p.Key)
            && (!wanted.TryGetValue(p.Key, out var value) || value is null));

    private static bool IsOfService(string property) =>
        property is "odata.etag" or "Timestamp" or "PartitionKey" or "RowKey"
        || property.StartsWith("odata.", StringComparison.Ordinal);
}
