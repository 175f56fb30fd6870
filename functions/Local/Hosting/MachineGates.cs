namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// One way to each machine within this process, first come, first served. Thread-safe.
/// </summary>
internal sealed class MachineGates
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource>> _queues =
        new(StringComparer.Ordinal);

    /// <summary>Whether anybody of this process is at a machine or waits for it.</summary>
    public bool IsBusy(string machine)
    {
        lock (_lock) return _queues.ContainsKey(machine);
    }

    /// <summary>Waits for the machine to be free, and keeps others waiting until disposed of.</summary>
    public async Task<IDisposable> EnterAsync(string machine, CancellationToken cancellation)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_queues.TryGetValue(machine, out var queue)) _queues.Add(machine, queue = new());
            queue.AddLast(mine);
            if (queue.Count == 1) mine.SetResult();
        }
        var pass = new Pass(this, machine, mine);
        try
        {
            await mine.Task.WaitAsync(cancellation);
            return pass;
        }
        catch
        {
            pass.Dispose();
            throw;
        }
    }

    private void Leave(string machine, TaskCompletionSource mine)
    {
        lock (_lock)
        {
            if (!_queues.TryGetValue(machine, out var queue) || !queue.Remove(mine)) return;
            if (queue.Count == 0) _queues.Remove(machine);
            else queue.First!.Value.TrySetResult();
        }
    }

    private sealed class Pass(MachineGates gates, string machine, TaskCompletionSource mine)
        : IDisposable
    {
        public void Dispose() => gates.Leave(machine, mine);
    }
}
