using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// Works on named things in the background, each by itself, so many side by side, and again after a
/// pause until it is done. Asking for one that is being worked on makes it be looked at once more.
/// Thread-safe.
/// </summary>
/// <param name="mostAtOnce">How many side by side.</param>
/// <param name="work">One try; false when it must be tried again.</param>
/// <param name="options">The pauses.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of tries that failed.</param>
internal sealed partial class JobDriver(
    int mostAtOnce, Func<string, CancellationToken, Task<bool>> work, LocalJobsOptions options,
    TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Worker> _workers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(mostAtOnce);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Asks for something to be worked on; returns at once.</summary>
    public void Ask(string name)
    {
        lock (_lock)
        {
            // What is asked for during a stop is written down and found at the next start.
            if (_stop.IsCancellationRequested) return;
            if (_workers.TryGetValue(name, out var worker))
            {
                worker.IsAskedAgain = true;
                return;
            }
            _workers.Add(name, worker = new Worker());
            worker.Task = Task.Run(() => RunAsync(name, worker));
        }
    }

    /// <summary>Stops what is being worked on, between two steps, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_lock) running = [.. _workers.Values.Select(w => w.Task)];
        await Task.WhenAll(running);
        _slots.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(string name, Worker worker)
    {
        var pause = options.FirstPause;
        try
        {
            while (true)
            {
                if (await TryAsync(name))
                {
                    pause = options.FirstPause;
                    if (IsThrough(name, worker)) return;
                    continue;
                }
                await Task.Delay(pause, time, _stop.Token);
                pause = pause * 2 > options.MostPause ? options.MostPause : pause * 2;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // What was begun goes on with the next start.
        }
    }

    private async Task<bool> TryAsync(string name)
    {
        await _slots.WaitAsync(_stop.Token);
        try
        {
            return await work(name, _stop.Token);
        }
        catch (TurnTakenException)
        {
            // Somebody else works on it, which is no trouble.
            return false;
        }
        catch (Exception error) when (!_stop.IsCancellationRequested)
        {
            LogFailed(logger, error, name);
            return false;
        }
        finally
        {
            _slots.Release();
        }
    }

    private bool IsThrough(string name, Worker worker)
    {
        lock (_lock)
        {
            if (worker.IsAskedAgain)
            {
                worker.IsAskedAgain = false;
                return false;
            }
            _workers.Remove(name);
            return true;
        }
    }

    [LoggerMessage(
        EventId = 7201, Level = LogLevel.Warning,
        Message = "The jobs of {Name} cannot go on for now; they are tried again")]
    private static partial void LogFailed(ILogger logger, Exception error, string name);

    private sealed class Worker
    {
        public Task Task { get; set; } = Task.CompletedTask;

        public bool IsAskedAgain { get; set; }
    }
}
