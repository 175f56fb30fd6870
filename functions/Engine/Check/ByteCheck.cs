using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// Reads bytes: in a full check every segment of the base, and for each chosen index page its
/// blocks, derived anew at every version that changes them.
/// </summary>
internal sealed class ByteCheck(
    StepServices services, ShardChain chain, PageChoice choice, CheckDepth depth,
    DeltaReads reads, Findings findings)
{
    /// <summary>Pages of a shard at once: each holds a stretch's blocks and a delta's of them.</summary>
    private const int MostPagesAtOnce = 3;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var bytes = new BaseBytes(services.BaseStore, chain, findings);
        var pages = new List<int>();
        for (var page = 0; page < chain.Layout.PagesPerShard; page++)
            if (choice.Includes(page)) pages.Add(page);
        await bytes.LoadAsync(pages, cancellation);
        if (depth == CheckDepth.Full) await bytes.CheckSegmentsAsync(services, cancellation);
        var weights = await WeighAsync(cancellation);
        for (var first = 0; first < pages.Count;)
        {
            var end = first + 1;
            var weight = weights[pages[first]];
            while (end < pages.Count && weight + weights[pages[end]] <= PageSlice.MostEntries)
                weight += weights[pages[end++]];
            await RunGroupAsync(bytes, pages[first..end], cancellation);
            first = end;
        }
    }

    private async Task RunGroupAsync(
        BaseBytes bytes, List<int> pages, CancellationToken cancellation)
    {
        var (up, down) = (
            await SlicesAsync(chain.Up, pages, cancellation),
            await SlicesAsync(chain.Down, pages, cancellation));
        await using var pipeline = new OrderedPipeline<Findings>(
            Math.Min(MostPagesAtOnce, services.Options.PatchWindowsAtOnce),
            services.PatchWindows);
        foreach (var page in pages)
        {
            if (bytes.Page(page) is not { } index) continue;
            await pipeline.AddAsync(
                () => ReplayAsync(bytes, index, up, down, cancellation),
                findings.TakeAsync, cancellation);
        }
        await pipeline.CompleteAsync();
    }

    private async Task<Findings> ReplayAsync(
        BaseBytes bytes, IndexPage index, List<PageSlice> up, List<PageSlice> down,
        CancellationToken cancellation)
    {
        var piece = new Findings();
        var room = PageBuffer.Rent(
            PageContents.StretchBlocks(chain.Layout) * chain.Layout.BlockBytes);
        var replay = new PageReplay(chain, bytes.For(piece), index, room.Memory, reads, piece);
        if (depth == CheckDepth.Sampled) await replay.CheckBaseAsync(cancellation);
        await replay.RunAsync(up, cancellation);
        await replay.RunAsync(down, cancellation);
        room.Return();
        return piece;
    }

    /// <summary>How many entries all deltas together have in each page.</summary>
    private async Task<long[]> WeighAsync(CancellationToken cancellation)
    {
        var weights = new long[chain.Layout.PagesPerShard];
        foreach (var link in chain.Links)
        {
            if (link.Delta is not { } key
                || await reads.FindAsync(key, cancellation) is not { } index) continue;
            foreach (var entry in index.Entries) weights[entry.Block / chain.Layout.BlocksPerPage]++;
        }
        return weights;
    }

    private async Task<List<PageSlice>> SlicesAsync(
        IEnumerable<ShardLink> links, List<int> pages, CancellationToken cancellation)
    {
        var slices = new List<PageSlice>();
        foreach (var link in links)
        {
            if (link.Delta is not { } key) continue;
            if (await reads.FindAsync(key, cancellation) is not { } index) break;
            slices.Add(PageSlice.Of(link, index, pages, chain.Layout));
        }
        return slices;
    }
}
