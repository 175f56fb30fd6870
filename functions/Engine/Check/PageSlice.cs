using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check;

/// <summary>What one delta says of some index pages.</summary>
internal sealed class PageSlice
{
    /// <summary>The most entries that are held at once, of all deltas together.</summary>
    public const int MostEntries = 500_000;

    private readonly Dictionary<int, List<(DeltaEntry Entry, DeltaFrame Frame)>> _entries = [];
    private readonly Dictionary<int, List<BlockRun>> _runs = [];
    private readonly Dictionary<int, Hash256> _nodes = [];

    private PageSlice(ShardLink link, DeltaPlace place) => (Link, Place) = (link, place);

    public ShardLink Link { get; }

    /// <summary>Where the delta's frames lie.</summary>
    public DeltaPlace Place { get; }

    public DeltaKey Key => Place.Key;

    /// <summary>Takes what an index says of some ascending pages.</summary>
    public static PageSlice Of(
        ShardLink link, DeltaIndex index, List<int> pages, Layout layout)
    {
        var slice = new PageSlice(link, index.Place);
        var chosen = pages.ToHashSet();
        foreach (ref readonly var entry in index.Entries.AsSpan())
        {
            var page = entry.Block / layout.BlocksPerPage;
            if (!chosen.Contains(page)) continue;
            var frame = entry.Frame < 0 ? default : index.Frames[entry.Frame];
            Of(slice._entries, page).Add((entry, frame));
        }
        foreach (var run in index.ZeroRuns)
        {
            for (var page = run.First / layout.BlocksPerPage;
                page <= (run.End - 1) / layout.BlocksPerPage; page++)
            {
                if (!chosen.Contains(page)) continue;
                var first = Math.Max(run.First, page * layout.BlocksPerPage);
                var end = Math.Min(run.End, (page + 1) * layout.BlocksPerPage);
                Of(slice._runs, page).Add(new BlockRun(first, end - first));
            }
        }
        foreach (var node in index.Pages)
            if (chosen.Contains(node.Page)) slice._nodes[node.Page] = node.Node;
        return slice;
    }

    public IReadOnlyList<(DeltaEntry Entry, DeltaFrame Frame)> Entries(int page) =>
        _entries.TryGetValue(page, out var found) ? found : [];

    /// <summary>Those of the blocks of one stretch; all ascend by block.</summary>
    public IReadOnlyList<(DeltaEntry Entry, DeltaFrame Frame)> Entries(int page, int first, int end) =>
        [.. Entries(page).SkipWhile(e => e.Entry.Block < first).TakeWhile(e => e.Entry.Block < end)];

    public IReadOnlyList<BlockRun> Runs(int page) =>
        _runs.TryGetValue(page, out var found) ? found : [];

    public Hash256? Node(int page) => _nodes.TryGetValue(page, out var found) ? found : null;

    private static List<T> Of<T>(Dictionary<int, List<T>> lists, int page)
    {
        if (!lists.TryGetValue(page, out var list)) lists.Add(page, list = []);
        return list;
    }
}
