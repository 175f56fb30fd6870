using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SnapshotFunctions.Local.Rendering;

/// <summary>How much is done, and how much more each second.</summary>
/// <param name="units">What each task counts, by its id.</param>
internal sealed class RateColumn(ConcurrentDictionary<int, string> units) : ProgressColumn
{
    /// <inheritdoc/>
    protected override bool NoWrap => true;

    /// <inheritdoc/>
    public override IRenderable Render(
        RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        if (task.IsIndeterminate) return new Text(string.Empty);
        var unit = units.GetValueOrDefault(task.Id, string.Empty);
        var rate = task.Speed is { } speed ? $"  {Amounts.Of(speed, unit)}/s" : string.Empty;
        return new Text(
            $"{Amounts.Share(task.Value, task.MaxValue, unit)}{rate}",
            new Style(Color.Grey));
    }
}
