using System.Globalization;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// A job's place in the list, the newest first. It names the job and not a position, so that jobs
/// which come or go between two pages neither repeat others nor hide them.
/// </summary>
internal readonly record struct JobCursor(long Ticks, string Id)
{
    /// <summary>The place of a job.</summary>
    public static JobCursor Of(JobStatus job) => new(job.Started.UtcTicks, job.Id);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="RefusedException">It is another text.</exception>
    public static JobCursor Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && dash < text.Length - 1 && long.TryParse(
            text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new JobCursor(ticks, text[(dash + 1)..])
            : throw new RefusedException(
                "parameter", "after: expected what the page before told as its continuation.");
    }

    /// <summary>Whether this job comes after another: it is older, or its id is lower.</summary>
    public bool IsAfter(JobCursor other) => Ticks != other.Ticks
        ? Ticks < other.Ticks
        : string.CompareOrdinal(Id, other.Id) < 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ticks}-{Id}");
}
