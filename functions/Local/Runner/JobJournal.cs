using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Runner;

/// <summary>
/// The numbered records of one job, as one driver sees them. Its rival is another driver of the
/// same job: whoever creates a number first goes on, the other is overtaken. Because the records of
/// a finished job are deleted, a stalled driver could find its number free again; so a driver that
/// takes a job up first writes a record that says so, and those (and the first of all) are kept:
/// the number that a stalled driver writes next is always one of them.
/// </summary>
internal sealed class JobJournal(JobStore store, string id, string writer)
{
    private const int ParallelReads = 8;
    private readonly HashSet<int> _fences = [0];
    private int _next;

    /// <summary>
    /// Reads the journal, last record first: so it is known which sub-flows ended before their
    /// inner records are read, and those need no memory. Null when the job has just ended.
    /// </summary>
    public async Task<JobHistory?> LoadAsync(CancellationToken cancellation)
    {
        var names = await store.ListAsync(JobObjects.Journal(id), cancellation);
        var records = new List<JournalRecord>();
        var endedFlows = new HashSet<string>(StringComparer.Ordinal);
        var sources = new HashSet<string>(StringComparer.Ordinal);
        JournalRecord? last = null;
        Usage? used = null;
        for (var end = names.Count; end > 0; end -= ParallelReads)
        {
            var begin = Math.Max(0, end - ParallelReads);
            var read = await Task.WhenAll(names[begin..end].Select(item =>
                store.ReadAsync(item.Name, JournalJson.Terse.JournalRecord, cancellation)));
            for (var i = end - 1; i >= begin; i--)
            {
                // A gap is what another driver deletes after it has written the end.
                if (read[i - begin] is not { } record || JobObjects.SequenceOf(names[i].Name) != i)
                    return await EndedOrTornAsync(names[i].Name, i, cancellation);
                last ??= record;
                used ??= record.Used;
                if (record.TakesOver)
                    _fences.Add(i);
                else
                    records.Add(Pruned(record, endedFlows, sources));
            }
        }
        _next = names.Count;
        records.Reverse();
        return new JobHistory(records, endedFlows, sources, last?.Progress, used ?? Usage.None);
    }

    /// <summary>Stops any driver before this one, at its next write. False when the job has ended.</summary>
    public async Task<bool> TakeOverAsync(JobHistory history, CancellationToken cancellation)
    {
        _fences.Add(_next);
        await AppendAsync(
            new JournalRecord(writer, true, [], [], history.Progress, history.Used), cancellation);
        // The driver before may have ended the job, and deleted records, while this one listed them.
        // Its end was there before the first deletion.
        return !await store.ExistsAsync(JobObjects.End(id), cancellation);
    }

    /// <summary>Makes a record durable.</summary>
    /// <exception cref="OvertakenException">Another process drives the job now.</exception>
    public async Task AppendAsync(JournalRecord record, CancellationToken cancellation)
    {
        var name = JobObjects.Record(id, _next);
        if (!await store.CreateAsync(name, record, JournalJson.Terse.JournalRecord, cancellation))
            throw new OvertakenException(name, $"another process drives job '{id}' now");
        _next++;
    }

    /// <summary>Deletes the records of a job whose end is written, but for those that guard it.</summary>
    public Task DeleteAsync(CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, _next).Where(sequence => !_fences.Contains(sequence)),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = ParallelReads,
                CancellationToken = cancellation,
            },
            async (sequence, stop) =>
                await store.DeleteAsync(JobObjects.Record(id, sequence), stop));

    private static JournalRecord Pruned(
        JournalRecord record, HashSet<string> endedFlows, HashSet<string> sources)
    {
        foreach (var news in record.Events)
        {
            if (news.Kind == EventKind.FlowEnded)
                endedFlows.Add(news.Call);
            if (news.Source is { } source)
                sources.Add(source);
        }
        if (endedFlows.Count == 0)
            return record;
        return record with
        {
            Calls = [.. record.Calls.Where(call => !IsInside(call.Call, endedFlows))],
            Events = [.. record.Events.Where(news =>
                !IsInside(news.Call, endedFlows)
                && !(news.Kind == EventKind.Raised && endedFlows.Contains(news.Call)))],
        };
    }

    private static bool IsInside(string call, HashSet<string> flows)
    {
        for (var at = call.LastIndexOf(':'); at > 0; at = call.LastIndexOf(':', at - 1))
        {
            if (flows.Contains(call[..at]))
                return true;
        }
        return false;
    }

    private async Task<JobHistory?> EndedOrTornAsync(
        string name, int sequence, CancellationToken cancellation)
    {
        if (await store.ExistsAsync(JobObjects.End(id), cancellation))
            return null;
        throw new CorruptObjectException(
            JobObjects.Journal(id), $"record {sequence} of its journal", $"a gap at '{name}'");
    }
}
