using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// Moves the live frames out of segments that are more than half dead, or the smallest ones when
/// there are too many, as they are stored. The share is bounded by what the commit writes anyway,
/// so that the cost of a commit follows its change.
/// </summary>
internal static class SegmentRewriting
{
    /// <summary>More segments than this are joined even when they are all alive.</summary>
    public const int MostSegments = 10_000;

    public static async Task RunAsync(
        BaseWriter writer, BaseImage old, long budgetBytes, CancellationToken cancellation,
        int mostSegments = MostSegments)
    {
        var known = old.Footer.Segments.Select(s => s.Number).ToHashSet();
        var segments = writer.Segments.Where(s => s.LiveBytes > 0).ToList();
        var surplus = segments.Count - mostSegments;
        var candidates = segments
            .Where(s => known.Contains(s.Number))
            .OrderBy(s => s.LiveBytes)
            .ToList();
        foreach (var segment in candidates)
        {
            var isHalfDead = segment.LiveBytes < segment.LengthBytes / 2;
            if ((!isHalfDead && surplus <= 0) || segment.LiveBytes > budgetBytes) continue;
            budgetBytes -= segment.LiveBytes;
            surplus--;
            await MoveAsync(writer, old, segment, cancellation);
        }
    }

    private static async Task MoveAsync(
        BaseWriter writer, BaseImage old, SegmentRecord segment, CancellationToken cancellation)
    {
        var bytes = await old.ReadSegmentAsync(segment, cancellation);
        var directory = SegmentBuilder.Directory(bytes, old.Name);
        var shared = writer.SharedIn(segment.Number);
        await old.LoadPagesOfAsync(
            directory.Select(d => d.Block).Concat(shared.SelectMany(s => s)).Order(), cancellation);
        foreach (var (block, offset, length) in directory)
        {
            // The directory names one block of a frame; of a shared one the table names them all.
            var entry = writer.Entry(block);
            var isOwn = entry.HasFrame && entry.Segment == segment.Number && entry.Offset == offset;
            List<int> blocks = shared.Contains(offset) ? [.. shared[offset]]
                : isOwn ? [block] : [];
            if (blocks.Count > 0)
                await writer.MoveAsync(blocks, bytes.AsMemory(offset, length), cancellation);
        }
    }
}
