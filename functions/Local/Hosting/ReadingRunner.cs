using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// Runs flows that take no turn: restores and checks. Their journal lies in a folder of this
/// process alone and goes with it: in the store, another command would take such a job for an
/// interrupted one and drive it too, and one that was stopped would stay for ever.
/// </summary>
internal sealed class ReadingRunner : IDisposable
{
    private static readonly TimeSpan MostTidying = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderStore _journal;
    private readonly LocalRunner _runner;
    private readonly TimeProvider _time;

    /// <summary>A runner over a folder that is made for it.</summary>
    public ReadingRunner(TimeProvider time, Func<IObjectStore, LocalRunner> runner)
    {
        _time = time;
        _journal = FolderStore.Open(_folder.Path, new FolderStoreOptions { Clock = time });
        _runner = runner(_journal);
    }

    /// <summary>What the last flow has used of the store.</summary>
    public Usage? Used { get; private set; }

    /// <summary>Runs a flow to its end.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="input">Its input.</param>
    /// <param name="machine">The machine that it is about.</param>
    /// <param name="cancellation">The user's wish to stop.</param>
    /// <param name="leavesThings">
    /// Whether it has made what must not stay when the user stops it: then it is asked to end, and
    /// given a while for that.
    /// </param>
    /// <exception cref="ReadInterruptedException">The user stopped it.</exception>
    public async Task<TOut> RunAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, CancellationToken cancellation,
        bool leavesThings = false)
    {
        var job = JobIds.Next(flow.Name, machine, _time);
        try
        {
            await _runner.StartAsync(flow, input, job, machine, cancellation);
            var result = await _runner.RunToEndAsync(flow, job, cancellation);
            Used = (await _runner.GetAsync(job, cancellation))?.Used;
            return result;
        }
        catch (OperationCanceledException error) when (cancellation.IsCancellationRequested)
        {
            if (leavesThings) await EndAsync(job);
            throw new ReadInterruptedException(error);
        }
    }

    /// <summary>What cannot be removed now is listed in the manifest, and goes with its time.</summary>
    private async Task EndAsync(string job)
    {
        using var patience = new CancellationTokenSource(MostTidying, _time);
        try
        {
            await _runner.RequestCancelAsync(job, patience.Token);
            await _runner.RunToEndAsync(job, patience.Token);
        }
        catch (Exception error) when (error is SnapshotException or OperationCanceledException)
        {
            // It has ended as it was asked to, or later.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }
}
