using System.Numerics;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>
/// Cuts the blocks that deltas touch into windows of bounded memory, ascending. Of a run of zeros
/// only the blocks count that hold something in the base or in another delta.
/// </summary>
internal static class PatchWindows
{
    private const long MostChangedBytes = 8 << 20;

    public static IEnumerable<List<int>> Cut(
        IReadOnlyList<DeltaIndex> deltas, ShardView baseView, int mostBlocks)
    {
        var layout = baseView.Base.Footer.Header.Layout;
        var window = new List<int>(mostBlocks);
        var bytes = 0L;
        foreach (var (block, sectors) in Touched(deltas, baseView))
        {
            window.Add(block);
            bytes += (long)sectors * layout.SectorBytes;
            if (window.Count < mostBlocks && bytes < MostChangedBytes) continue;
            yield return window;
            window = new List<int>(mostBlocks);
            bytes = 0;
        }
        if (window.Count > 0) yield return window;
    }

    /// <summary>The pages of which blocks may be touched, ascending.</summary>
    public static SortedSet<int> Pages(IReadOnlyList<DeltaIndex> deltas, Layout layout)
    {
        var pages = new SortedSet<int>();
        foreach (var delta in deltas)
        {
            foreach (var page in delta.Pages) pages.Add(page.Page);
            foreach (var run in delta.ZeroRuns)
                for (var page = run.First / layout.BlocksPerPage;
                    page <= (run.End - 1) / layout.BlocksPerPage; page++) pages.Add(page);
        }
        return pages;
    }

    private static IEnumerable<(int Block, int Sectors)> Touched(
        IReadOnlyList<DeltaIndex> deltas, ShardView baseView)
    {
        var layout = baseView.Base.Footer.Header.Layout;
        var sectors = new Dictionary<int, int>();
        foreach (var delta in deltas)
        {
            foreach (ref readonly var entry in delta.Entries.AsSpan())
            {
                sectors.TryGetValue(entry.Block, out var count);
                sectors[entry.Block] = count + BitOperations.PopCount(entry.Changed);
            }
        }
        foreach (var run in deltas.SelectMany(d => d.ZeroRuns))
        {
            for (var block = run.First; block < run.End; block++)
                if (!baseView.HashOf(block).IsZero || sectors.ContainsKey(block))
                    sectors[block] = sectors.GetValueOrDefault(block) + layout.SectorsPerBlock;
        }
        var blocks = sectors.Keys.ToArray();
        Array.Sort(blocks);
        foreach (var block in blocks) yield return (block, sectors[block]);
    }
}
