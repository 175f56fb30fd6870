using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Local.Rendering;

/// <summary>Shows progress as plain lines: one a phase, then one every few seconds.</summary>
internal sealed class LineProgress(TextWriter writer, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Phase, long Told)> _jobs =
        new(StringComparer.Ordinal);

    /// <summary>Shows a report, unless one like it was shown just now.</summary>
    public void Show(string job, FlowProgress progress)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_jobs.TryGetValue(job, out var last)
                && string.Equals(last.Phase, progress.Phase, StringComparison.Ordinal)
                && time.GetElapsedTime(last.Told, now) < Every) return;
            _jobs[job] = (progress.Phase, now);
            var amount = progress.Total > 0
                ? $": {Amounts.Share(progress.Done, progress.Total, progress.Unit)}"
                : string.Empty;
            writer.WriteLine($"{progress.Phase}{amount}");
        }
    }
}
