using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>
/// Begins a clone's own base: an index of all blocks by hash, none of which it stores yet. So a
/// clone is consolidated like any machine, at the cost of what it changes and a small index.
/// </summary>
internal static class OriginEntries
{
    /// <summary>Names every block that the origin has.</summary>
    public static async Task TakeOverAsync(
        BaseWriter writer, ShardView baseView, Layout layout, CancellationToken cancellation)
    {
        var origin = await baseView.Origin!.OpenAsync(cancellation);
        for (var page = 0; page < layout.PagesPerShard; page++)
        {
            if (origin.PageNode(page).IsZero) continue;
            await origin.LoadPagesAsync([page], cancellation);
            var first = page * layout.BlocksPerPage;
            for (var i = 0; i < layout.BlocksPerPage; i++)
            {
                var hash = origin.HashOf(first + i);
                if (!hash.IsZero) writer.SetOrigin(first + i, hash);
            }
        }
    }
}
