using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
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
    /// <exception cref="ReadInterruptedException">The user stopped it.</exception>
    public async Task<TOut> RunAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, CancellationToken cancellation)
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
            throw new ReadInterruptedException(error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }
}
