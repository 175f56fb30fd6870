using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// Makes the table of shared frames again from the index pages, all of which are loaded: every frame
/// that several blocks name, and each whose one block is not the one that its segment's directory
/// tells. Where a directory cannot be read all blocks of its frames are listed, which is allowed.
/// </summary>
internal static class SharedNames
{
    public static async Task<List<SharedBlock>> OfAsync(
        BaseImage image, HashSet<int> unreadable, CancellationToken cancellation)
    {
        var named = image.Footer.Pages
            .SelectMany(p => image.Page(p.Number).Entries.Select((entry, i) =>
                (Block: (p.Number * image.Footer.Header.Layout.BlocksPerPage) + i, Entry: entry)))
            .Where(n => n.Entry.HasFrame)
            .ToLookup(n => n.Entry.Segment);
        var shared = new List<SharedBlock>();
        foreach (var segment in image.Footer.Segments)
        {
            var told = unreadable.Contains(segment.Number)
                ? []
                : SegmentBuilder
                    .Directory(await image.ReadSegmentAsync(segment, cancellation), image.Name)
                    .ToDictionary(d => d.Offset, d => d.Block);
            foreach (var frame in named[segment.Number].GroupBy(n => n.Entry.Offset))
            {
                var blocks = frame.ToList();
                if (blocks.Count == 1 && told.TryGetValue(frame.Key, out var block)
                    && block == blocks[0].Block) continue;
                shared.AddRange(
                    blocks.Select(b => new SharedBlock(b.Block, segment.Number, frame.Key)));
            }
        }
        shared.Sort((a, b) => a.Block.CompareTo(b.Block));
        return shared;
    }
}
