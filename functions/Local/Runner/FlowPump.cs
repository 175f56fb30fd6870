namespace SnapshotFunctions.Local.Runner;

/// <summary>
/// The one thread at a time on which a flow runs. Continuations of the flow queue here and are run
/// until none is left; a continuation that comes from any other thread proves that the flow awaited
/// something its context did not return, and is not run.
/// </summary>
internal sealed class FlowPump(Action foreignPost) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private int _thread;

    /// <summary>Whether the caller runs on the pump.</summary>
    public bool IsOnPump => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Runs an action and all that follows from it, until nothing is left to run.</summary>
    public void Run(Action first)
    {
        var before = Current;
        SetSynchronizationContext(this);
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        try
        {
            // As a task of its own scheduler, so that ContinueWith and StartNew in a flow stay here.
            var whole = new Task(() => RunQueue(first));
            whole.RunSynchronously(new Scheduler(this));
            whole.GetAwaiter().GetResult();
        }
        finally
        {
            Volatile.Write(ref _thread, 0);
            SetSynchronizationContext(before);
        }
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsOnPump)
            _queue.Enqueue((d, state));
        else
            foreignPost();
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A flow's context takes no synchronous calls.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    private void RunQueue(Action first)
    {
        first();
        while (_queue.TryDequeue(out var next))
            next.Callback(next.State);
    }

    private sealed class Scheduler(FlowPump pump) : TaskScheduler
    {
        protected override void QueueTask(Task task) =>
            pump.Post(_ => TryExecuteTask(task), null);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
            pump.IsOnPump && !taskWasPreviouslyQueued && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
