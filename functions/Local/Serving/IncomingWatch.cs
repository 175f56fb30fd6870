using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Local.Hosting;

namespace SnapshotFunctions.Local.Serving;

/// <summary>Watches the incoming folder and takes uploads in, one after the other.</summary>
internal sealed class IncomingWatch(
    LocalEngine engine, IncomingFolder incoming, UploadIntake intake, TimeSpan every)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostPause = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, TimeSpan Pause)>
        _postponed = new(StringComparer.Ordinal);

    private readonly Dictionary<string, Task> _waiting = new(StringComparer.Ordinal);

    private TaskCompletionSource _poked = NewPoke();

    /// <summary>Says that there is something to see: the next look is taken at once.</summary>
    public void Poke() => Volatile.Read(ref _poked).TrySetResult();

    /// <summary>Watches until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                // Set anew before the look, so that what comes during it is not missed.
                var poked = NewPoke();
                Volatile.Write(ref _poked, poked);
                await PollAsync(stop);
                await WaitAsync(poked.Task, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The user's wish.
        }
        finally
        {
            await StopAsync();
        }
    }

    private async Task StopAsync()
    {
        // Stopped between two steps; each is waited for, whatever it ends with.
        await Task.WhenAll(_waiting.Values)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _waiting.Clear();
    }

    private static TaskCompletionSource NewPoke() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Task poked, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(Task.Delay(every, engine.Time, either.Token), poked);
        await either.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private async Task PollAsync(CancellationToken stop)
    {
        await EndAsync();
        var blocked = new HashSet<string>(_waiting.Keys, StringComparer.Ordinal);
        foreach (var upload in incoming.Poll())
        {
            // What waits of a machine holds up what came after it: order of arrival.
            if (blocked.Contains(upload.Machine)) continue;
            if (_postponed.TryGetValue(upload.Path, out var postponed)
                && engine.Time.GetUtcNow() < postponed.Until)
            {
                blocked.Add(upload.Machine);
                continue;
            }
            // A job of this process is at the machine, perhaps for hours: this upload queues for
            // its turn behind it, and those of other machines need not wait.
            if (engine.Gates.IsBusy(upload.Machine))
            {
                _waiting.Add(upload.Machine, QueueAsync(upload, stop));
                blocked.Add(upload.Machine);
                continue;
            }
            if (!await TakeAsync(upload, stop)) blocked.Add(upload.Machine);
        }
    }

    private async Task QueueAsync(Upload upload, CancellationToken stop)
    {
        await TakeAsync(upload, stop);
        Poke();
    }

    /// <summary>Takes an upload in; one that must wait is looked at later and later.</summary>
    private async Task<bool> TakeAsync(Upload upload, CancellationToken stop)
    {
        if (await intake.TakeAsync(upload, stop))
        {
            _postponed.TryRemove(upload.Path, out _);
            return true;
        }
        var last = _postponed.GetValueOrDefault(upload.Path).Pause;
        var pause = last == default ? FirstPause : last * 2;
        pause = pause > MostPause ? MostPause : pause;
        _postponed[upload.Path] = (engine.Time.GetUtcNow() + pause, pause);
        return false;
    }

    /// <summary>Sees to the ends of uploads that queued, and to what went wrong with them.</summary>
    private async Task EndAsync()
    {
        foreach (var (machine, taking) in _waiting.Where(w => w.Value.IsCompleted).ToList())
        {
            _waiting.Remove(machine);
            await taking;
        }
    }
}
