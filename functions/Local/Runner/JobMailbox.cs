namespace SnapshotFunctions.Local.Runner;

/// <summary>
/// Brings a driver what others leave in its job's objects: a request to cancel, raised events. The
/// objects stay until the job ends; the journal tells which were taken.
/// </summary>
internal sealed class JobMailbox(
    JobStore store, string id, ActiveJob active, FlowExecution execution,
    Action<JournalEvent> arrive)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private bool _cancelSeen;

    /// <summary>The objects that were taken, to be deleted when the job has ended.</summary>
    public IReadOnlyCollection<string> Taken => _taken;

    /// <summary>Looks at once, at each poke and at each poll, until stopped.</summary>
    public async Task RunAsync(
        JobHistory history, TimeSpan pollEvery, TimeProvider time, CancellationToken stop)
    {
        _taken.UnionWith(history.Sources);
        _cancelSeen = execution.IsCancelRequested;
        await using var timer = time.CreateTimer(_ => active.Poke(), null, pollEvery, pollEvery);
        active.Poke();
        while (await active.PokedAsync(stop))
        {
            if (!_cancelSeen && await store.ExistsAsync(JobObjects.Cancel(id), stop))
            {
                _cancelSeen = true;
                arrive(new JournalEvent(EventKind.CancelRequested, string.Empty));
            }
            // Events are asked for only while somebody waits for one: a listing is not free.
            if (execution.OpenWaits > 0)
                await TakeRaisedAsync(stop);
        }
    }

    private async Task TakeRaisedAsync(CancellationToken stop)
    {
        foreach (var item in await store.ListAsync(JobObjects.Raised(id), stop))
        {
            if (_taken.Contains(item.Name))
                continue;
            var raised = await store.ReadAsync(item.Name, JournalJson.Terse.RaisedRecord, stop);
            if (raised is null)
                continue;
            _taken.Add(item.Name);
            arrive(new JournalEvent(
                EventKind.Raised, raised.Scope, Name: raised.Name, Value: raised.Value,
                Source: item.Name));
        }
    }
}
