using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Flows.Contract;
using Spectre.Console;

namespace SnapshotFunctions.Local.Rendering;

/// <summary>Shows progress as bars that move, one a phase of a job.</summary>
internal sealed class BarProgress(
    ProgressContext bars, ConcurrentDictionary<int, string> units)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Phase, ProgressTask Task)> _jobs =
        new(StringComparer.Ordinal);

    /// <summary>Runs work while bars are shown.</summary>
    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<BarProgress, Task<T>> work)
    {
        var units = new ConcurrentDictionary<int, string>();
        return console.Progress()
            .AutoClear(false)
            .HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RateColumn(units),
                new RemainingTimeColumn())
            .StartAsync(context => work(new BarProgress(context, units)));
    }

    /// <summary>Moves the bar of a job's phase.</summary>
    public void Show(string job, FlowProgress progress)
    {
        lock (_lock)
        {
            if (!_jobs.TryGetValue(job, out var shown)
                || !string.Equals(shown.Phase, progress.Phase, StringComparison.Ordinal))
            {
                if (shown.Task is { } before) End(before);
                var task = bars.AddTask(Markup.Escape(progress.Phase), maxValue: 1);
                units[task.Id] = progress.Unit;
                shown = (progress.Phase, task);
                _jobs[job] = shown;
            }
            shown.Task.IsIndeterminate = progress.Total == 0;
            if (progress.Total == 0) return;
            shown.Task.MaxValue = progress.Total;
            shown.Task.Value = progress.Done;
        }
    }

    /// <summary>Ends all bars: the work is done.</summary>
    public void EndAll()
    {
        lock (_lock)
        {
            foreach (var (_, task) in _jobs.Values) End(task);
        }
    }

    private static void End(ProgressTask task)
    {
        task.IsIndeterminate = false;
        task.Value = task.MaxValue;
        task.StopTask();
    }
}
