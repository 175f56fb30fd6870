using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>
/// The jobs of a host with those of completed uploads that still wait for others of their machine,
/// or were put aside before they started.
/// </summary>
internal sealed class UploadJobs(IJobs jobs, FolderUploads uploads) : IJobs
{
    /// <inheritdoc/>
    public Task<JobStatus> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, string? id,
        CancellationToken cancellation) =>
        jobs.StartAsync(flow, input, machine, id, cancellation);

    /// <inheritdoc/>
    public async Task<JobStatus?> FindAsync(string id, CancellationToken cancellation) =>
        await jobs.FindAsync(id, cancellation) ?? await uploads.FindJobAsync(id, cancellation);

    /// <inheritdoc/>
    public async Task<JobPage> ListAsync(
        JobFilter filter, string? after, int most, CancellationToken cancellation)
    {
        if (after is not null) return await jobs.ListAsync(filter, after, most, cancellation);
        // Those that wait were asked for last, or nearly so: they stand first. One is left for the
        // others, whose continuation is the list's.
        var waiting = (await uploads.WaitingAsync(cancellation))
            .Where(j => (filter.Machine is null || Same(filter.Machine, j.Machine))
                && (filter.Flow is null || Same(filter.Flow, j.Flow))
                && (filter.State ?? j.State) == j.State)
            .OrderByDescending(j => j.Started)
            .Take(Math.Max(0, most - 1))
            .ToList();
        var page = await jobs.ListAsync(filter, null, most - waiting.Count, cancellation);
        return page with { Jobs = [.. waiting, .. page.Jobs] };
    }

    /// <inheritdoc/>
    public async Task RequestCancelAsync(string id, CancellationToken cancellation)
    {
        if (!await uploads.CancelWaitingAsync(id, cancellation))
            await jobs.RequestCancelAsync(id, cancellation);
    }

    private static bool Same(string one, string? other) =>
        string.Equals(one, other, StringComparison.Ordinal);
}
