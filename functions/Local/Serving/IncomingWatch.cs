using SnapshotFunctions.Local.Hosting;

namespace SnapshotFunctions.Local.Serving;

/// <summary>Watches the incoming folder and takes uploads in, one after the other.</summary>
internal sealed class IncomingWatch(
    LocalEngine engine, IncomingFolder incoming, UploadIntake intake, TimeSpan every)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostPause = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, (DateTimeOffset Until, TimeSpan Pause)> _postponed =
        new(StringComparer.Ordinal);

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
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var upload in incoming.Poll())
        {
            // What waits of a machine holds up what came after it: order of arrival.
            if (blocked.Contains(upload.Machine)) continue;
            // A job of this process is at the machine, perhaps for hours: the uploads of other
            // machines need not wait for it.
            if (engine.Gates.IsBusy(upload.Machine))
            {
                blocked.Add(upload.Machine);
                continue;
            }
            if (_postponed.TryGetValue(upload.Path, out var postponed)
                && engine.Time.GetUtcNow() < postponed.Until)
            {
                blocked.Add(upload.Machine);
                continue;
            }
            if (await intake.TakeAsync(upload, stop))
            {
                _postponed.Remove(upload.Path);
                continue;
            }
            var pause = postponed.Pause == default ? FirstPause : postponed.Pause * 2;
            pause = pause > MostPause ? MostPause : pause;
            _postponed[upload.Path] = (engine.Time.GetUtcNow() + pause, pause);
            blocked.Add(upload.Machine);
        }
    }
}
