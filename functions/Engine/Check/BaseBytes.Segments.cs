using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check;

/// <content>Segments, read whole.</content>
internal sealed partial class BaseBytes
{
    /// <summary>
    /// Reads every segment, some side by side, and proves each live frame against its index entry.
    /// </summary>
    public async Task CheckSegmentsAsync(StepServices services, CancellationToken cancellation)
    {
        var live = _pages.Values
            .SelectMany(p => p.Entries.Select((e, i) =>
                (Block: (p.Number * Layout.BlocksPerPage) + i, Entry: e)))
            .Where(e => e.Entry.HasFrame)
            .ToLookup(e => e.Entry.Segment);
        foreach (var stranger in live.Where(l => !_segments.ContainsKey(l.Key)))
            Tell("a segment that the footer lists", $"segment {stranger.Key}");
        await using var pipeline = new OrderedPipeline<Findings>(
            services.Options.RequestsAtOnce, services.Windows);
        foreach (var (record, offset) in _segments.Values)
            await pipeline.AddAsync(
                async () =>
                {
                    var piece = new Findings();
                    await For(piece).CheckSegmentAsync(
                        record, offset, live[record.Number], cancellation);
                    return piece;
                },
                findings.TakeAsync, cancellation);
        await pipeline.CompleteAsync();
    }

    private async Task CheckSegmentAsync(
        SegmentRecord record, long offset, IEnumerable<(int Block, IndexEntry Entry)> live,
        CancellationToken cancellation)
    {
        if (await PlanAsync(offset, record.LengthBytes, cancellation)) return;
        var buffer = PageBuffer.Rent(record.LengthBytes);
        try
        {
            var bytes = buffer.Memory;
            await ReadAsync(offset, bytes, cancellation);
            var hash = Hash256.Of(bytes.Span);
            if (hash == record.Hash) CheckSegment(record, bytes.Span, live);
            else Tell($"segment {record.Number} of SHA-256 {record.Hash}", $"{hash}");
        }
        finally
        {
            buffer.Return();
        }
    }

    private void CheckSegment(
        SegmentRecord record, ReadOnlySpan<byte> bytes,
        IEnumerable<(int Block, IndexEntry Entry)> live)
    {
        try
        {
            var directory = SegmentBuilder.Directory(bytes, Name).ToDictionary(d => d.Offset);
            var liveBytes = 0L;
            var content = new byte[Layout.BlockBytes];
            foreach (var frame in live.GroupBy(l => l.Entry.Offset))
            {
                var named = frame.ToList();
                var (first, entry) = named[0];
                liveBytes += entry.StoredBytes;
                if (!directory.TryGetValue(entry.Offset, out var told)
                    || told.Length != entry.StoredBytes)
                {
                    Tell($"block {first} in the directory of segment {record.Number}", "none");
                    continue;
                }
                CheckNames(record, told.Block, named);
                Prove(first, entry, bytes.Slice(entry.Offset, entry.StoredBytes), content);
                foreach (var (block, other) in named.Where(n => n.Entry != entry))
                    Tell($"block {block} as block {first} of the same frame, {entry}", $"{other}");
            }
            if (_broken.Count == 0 && liveBytes != record.LiveBytes)
                Tell($"{record.LiveBytes} live bytes in segment {record.Number}", $"{liveBytes}");
        }
        catch (CorruptObjectException error)
        {
            Tell(error.Expected, error.Found);
        }
    }

    /// <summary>
    /// Of a frame that several blocks name the table tells all; of any other the directory does, or
    /// else the table.
    /// </summary>
    private void CheckNames(
        SegmentRecord record, int told, List<(int Block, IndexEntry Entry)> named)
    {
        if (_shared is not { } shared) return;
        if (named.Count == 1 && named[0].Block == told) return;
        foreach (var (block, _) in named)
            if (!shared.ContainsKey(block))
                Tell(
                    named.Count == 1
                        ? $"block {block} in the directory of segment {record.Number}"
                        : $"block {block} in the table of shared frames", "none");
    }
}
