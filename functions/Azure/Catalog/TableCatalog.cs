using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>
/// The projection of manifests and jobs on Azure Tables: kept up to date as manifests are written,
/// brought up to date from time to time, and asked by filters and pages. Thread-safe.
/// </summary>
public sealed partial class TableCatalog : IManifestObserver
{
    private readonly ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);
    private readonly CatalogSync _sync;
    private readonly JobRows _jobs;
    private readonly ILogger _logger;

    /// <summary>The projection on opened tables.</summary>
    public TableCatalog(CatalogTables tables, ILogger logger)
    {
        _sync = new CatalogSync(tables);
        _jobs = new JobRows(tables);
        _logger = logger;
        Queries = new CatalogQueries(tables);
    }

    /// <summary>Asks the tables.</summary>
    public CatalogQueries Queries { get; }

    /// <inheritdoc/>
    public async Task WrittenAsync(Manifest manifest, CancellationToken cancellation)
    {
        // A claim that is taken or renewed shows in no row.
        var shown = Shown(manifest.Head);
        if (_told.TryGetValue(manifest.Machine, out var last)
            && string.Equals(last, shown, StringComparison.Ordinal)) return;
        try
        {
            await _sync.RunAsync(manifest, all: false, cancellation);
            _told[manifest.Machine] = shown;
        }
        catch (SnapshotException error)
        {
            // The change stands; the rows follow with the next one, or when all are looked through.
            _told.TryRemove(manifest.Machine, out _);
            LogBehind(_logger, manifest.Machine, manifest.Head.Revision, error.Code, error);
        }
    }

    /// <summary>Brings a machine's rows up to date with all its versions.</summary>
    /// <exception cref="StoreException">The tables did not answer, or refused.</exception>
    public Task SyncAsync(Manifest manifest, CancellationToken cancellation) =>
        _sync.RunAsync(manifest, all: true, cancellation);

    /// <summary>
    /// Brings the rows of all machines up to date, and removes those of machines that are gone.
    /// </summary>
    /// <returns>How many machines there are.</returns>
    public async Task<int> SyncAllAsync(ManifestStore manifests, CancellationToken cancellation)
    {
        var standing = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var machine in manifests.ListMachinesAsync(cancellation))
        {
            if (await manifests.FindAsync(machine, cancellation) is not { } manifest) continue;
            standing.Add(machine);
            await _sync.RunAsync(manifest, all: true, cancellation);
        }
        string? after = null;
        do
        {
            var page = await Queries.MachinesAsync(null, after, 1000, cancellation);
            foreach (var row in page.Rows)
            {
                // Looked at once more: it may have been made since the names were listed.
                if (!standing.Contains(row.Machine)
                    && await manifests.FindAsync(row.Machine, cancellation) is null)
                    await _sync.RemoveAsync(row.Machine, cancellation);
            }
            after = page.Continuation;
        }
        while (after is not null);
        return standing.Count;
    }

    /// <summary>Writes where a job stands; one that has ended stays as it ended.</summary>
    /// <exception cref="StoreException">The tables did not answer, or refused.</exception>
    public Task WriteJobAsync(JobRow job, CancellationToken cancellation) =>
        _jobs.WriteAsync(job, cancellation);

    private static string Shown(ManifestHead head)
    {
        var newest = head.Versions.Count == 0 ? null : head.Versions[^1];
        return string.Join(
            '|', head.NextVersion, head.NextOperation, head.Operations.Count, head.ForwardsFrom,
            head.Versions.Count, head.Disks.Count, newest?.State,
            // The place of the base shows in the versions' edges, which are told by their hashes.
            string.Join(',', head.Versions.SelectMany(v => v.Disks).Select(d => d.Edges)),
            string.Join(
                ',', head.Versions.Select(v => $"{v.Number}:{v.State}:{v.Label}:{v.Snapshot}")),
            RowShapes.PagesOf(head));
    }

    [LoggerMessage(
        4001, LogLevel.Warning,
        "The tables are behind the manifest of {Machine}, revision {Revision}: {Code}")]
    private static partial void LogBehind(
        ILogger logger, string machine, long revision, string code, Exception error);
}
