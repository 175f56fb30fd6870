using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Runner;

/// <summary>The jobs in a store: lists them, and removes the oldest that have ended.</summary>
internal sealed class JobCatalog(JobStore store)
{
    private const int ParallelReads = 8;

    /// <summary>The jobs whose objects lie under a prefix, oldest first.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="active">Finds what this process drives.</param>
    /// <param name="isRunningOnly">Leaves out what has ended, of which nothing is read then.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<List<JobInfo>> ListAsync(
        string prefix, Func<string, ActiveJob?> active, bool isRunningOnly,
        CancellationToken cancellation)
    {
        var found = new List<JobInfo>();
        var jobs = (await GroupAsync(prefix, cancellation))
            .Where(job => !isRunningOnly || Find(job.Value, JobObjects.End(job.Key)) is null);
        foreach (var chunk in jobs.Chunk(ParallelReads))
        {
            var read = await Task.WhenAll(chunk.Select(job =>
                ReadAsync(job.Key, job.Value, active(job.Key), cancellation)));
            found.AddRange(read.OfType<JobInfo>());
        }
        found.Sort((a, b) =>
            a.Started != b.Started
                ? a.Started.CompareTo(b.Started)
                : string.CompareOrdinal(a.InstanceId, b.InstanceId));
        return found;
    }

    /// <summary>Removes the oldest of the ended jobs until so many are left.</summary>
    public async Task PruneAsync(int most, CancellationToken cancellation)
    {
        var ended = (await GroupAsync(JobObjects.Root, cancellation))
            .Select(job => (Id: job.Key, Objects: job.Value,
                End: Find(job.Value, JobObjects.End(job.Key))))
            .Where(job => job.End is not null)
            .OrderByDescending(job => job.End!.Modified)
            .ThenByDescending(job => job.Id, StringComparer.Ordinal);
        foreach (var (_, objects, end) in ended.Skip(most))
        {
            foreach (var item in objects.Where(item => item != end))
                await store.DeleteAsync(item.Name, cancellation);
            // Last: a job that has lost its end but not its start would be run once more.
            await store.DeleteAsync(end!.Name, cancellation);
        }
    }

    private static ObjectProperties? Find(List<ObjectProperties> objects, string name) =>
        objects.Find(item => string.Equals(item.Name, name, StringComparison.Ordinal));

    private async Task<Dictionary<string, List<ObjectProperties>>> GroupAsync(
        string prefix, CancellationToken cancellation)
    {
        var jobs = new Dictionary<string, List<ObjectProperties>>(StringComparer.Ordinal);
        foreach (var item in await store.ListAsync(prefix, cancellation))
        {
            if (!JobObjects.TrySplit(item.Name, out var id, out _))
                continue;
            if (!jobs.TryGetValue(id, out var objects))
                jobs.Add(id, objects = []);
            objects.Add(item);
        }
        return jobs;
    }

    private async Task<JobInfo?> ReadAsync(
        string id, List<ObjectProperties> objects, ActiveJob? active,
        CancellationToken cancellation)
    {
        if (Has(JobObjects.End(id)) && await store.ReadAsync(
            JobObjects.End(id), JournalJson.Terse.EndRecord, cancellation) is { } end)
            return InfoOf(id, end);
        // Started but not ended; gone when another process has just removed it.
        if (!Has(JobObjects.Start(id)) || await store.ReadAsync(
            JobObjects.Start(id), JournalJson.Terse.StartRecord, cancellation) is not { } start)
            return null;
        var live = active?.Progress;
        var last = objects.FindLast(item =>
            item.Name.StartsWith(JobObjects.Journal(id), StringComparison.Ordinal));
        var record = last is null || live is not null ? null : await store.ReadAsync(
            last.Name, JournalJson.Terse.JournalRecord, cancellation);
        return new JobInfo(
            id, start.Flow, start.Subject, JobState.Running, Has(JobObjects.Cancel(id)),
            live ?? record?.Progress, start.Created, null, null, null, null)
        {
            HasBegun = active is not null || last is not null,
            Used = active?.Used ?? record?.Used,
            Planned = start.Planned,
            Input = start.Input,
        };

        bool Has(string name) => Find(objects, name) is not null;
    }

    /// <summary>An ended job as others see it.</summary>
    public static JobInfo InfoOf(string id, EndRecord end) =>
        new(id, end.Flow, end.Subject, end.State, false, end.Progress, end.Created, end.Ended,
            end.Output, end.ErrorCode, end.ErrorMessage)
        {
            Used = end.Used,
            Planned = end.Planned,
        };
}
