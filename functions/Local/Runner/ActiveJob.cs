using System.Threading.Channels;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Local.Runner;

/// <summary>A job that this process drives just now, as the rest of the process sees it.</summary>
internal sealed class ActiveJob
{
    private readonly Channel<bool> _pokes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private FlowProgress? _progress;
    private Usage? _used;

    /// <summary>How it ends.</summary>
    public Task<EndRecord> Ended { get; set; } = null!;

    /// <summary>The last report, journaled or not.</summary>
    public FlowProgress? Progress
    {
        get => Volatile.Read(ref _progress);
        set => Volatile.Write(ref _progress, value);
    }

    /// <summary>What its steps have used; null before it is known.</summary>
    public Usage? Used
    {
        get => Volatile.Read(ref _used);
        set => Volatile.Write(ref _used, value);
    }

    /// <summary>Says that there may be something new in the job's objects.</summary>
    public void Poke() => _pokes.Writer.TryWrite(true);

    /// <summary>Waits for the next poke, or one that nobody waited for.</summary>
    public ValueTask<bool> PokedAsync(CancellationToken cancellation) =>
        _pokes.Reader.ReadAsync(cancellation);
}
