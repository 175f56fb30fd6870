using System.Numerics;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Ingestion;

/// <summary>
/// Ingests one window: reads what the image holds, lays it on the parent, hashes each block,
/// drops what the newest version has already, and keeps of the others the sectors that differ.
/// Windows are independent of each other and may run side by side.
/// </summary>
internal sealed class WindowIngestion(
    IDiskImage image, ShardView? newest, ShardView? parent, ShardKey shard, Layout layout)
{
    private readonly FrameClaims _claims = new();
    private readonly long _shardOffset = shard.Shard * layout.ShardBytes;
    private readonly bool _onNewest = parent is not null && newest is not null
        && parent.Version == newest.Version;

    /// <summary>The changed blocks of a window, ascending, and a mask of those known non-zero.</summary>
    public async Task<(List<IngestedBlock> Blocks, ulong NonZero)> RunAsync(
        IngestWindow window, CancellationToken cancellation)
    {
        var all = Enumerable.Range(window.FirstBlock, window.Count).ToArray();
        if (newest is not null) await newest.LoadAsync(all, cancellation);
        if (parent is not null && !_onNewest) await parent.LoadAsync(all, cancellation);
        // Not of a pool that keeps one for each thread which ever had one.
        var buffer = PageBuffer.Rent(window.Count * layout.BlockBytes);
        try
        {
            var content = buffer.Memory;
            var wanted = Wanted(window);
            await FillAsync(window, wanted, content, cancellation);
            if (newest is null) return Take(window, wanted, content.Span);
            return await CompareAsync(window, wanted, content, cancellation);
        }
        finally
        {
            buffer.Return();
        }
    }

    private static bool Has(ulong mask, int i) => (mask >> i & 1) != 0;

    private Memory<byte> Slice(Memory<byte> content, int i) =>
        content.Slice(i * layout.BlockBytes, layout.BlockBytes);

    /// <summary>The blocks whose content can differ from the newest version's.</summary>
    private ulong Wanted(IngestWindow window)
    {
        ulong wanted = 0;
        for (var i = 0; i < window.Count; i++)
        {
            var block = window.FirstBlock + i;
            var old = newest?.HashOf(block) ?? Hash256.Zero;
            var isOwn = Has(window.Data, i) || (Has(window.Zero, i) && !old.IsZero);
            var isOther = Has(window.Parent, i) && !_onNewest && parent!.HashOf(block) != old;
            if (isOwn || isOther) wanted |= 1UL << i;
        }
        return wanted;
    }

    private async Task FillAsync(
        IngestWindow window, ulong wanted, Memory<byte> content, CancellationToken cancellation)
    {
        var laid = new List<int>();
        for (var i = 0; i < window.Count; i++)
        {
            if (!Has(wanted, i)) continue;
            if (Has(window.Parent, i)) laid.Add(i);
            else if (Has(window.Zero, i)) Slice(content, i).Span.Clear();
        }
        if (laid.Count > 0) await LayOnParentAsync(window, laid, content, cancellation);
        var start = _shardOffset + ((long)window.FirstBlock * layout.BlockBytes);
        foreach (var (range, kind) in window.Extents)
        {
            var target = content.Slice((int)(range.Offset - start), (int)range.Length);
            if (kind == ExtentKind.Data) await image.ReadAsync(range.Offset, target, cancellation);
            else if (kind == ExtentKind.Zero && laid.Count > 0) target.Span.Clear();
        }
        // The image ends within its last block: what lies beyond is zero at this version.
        var beyond = Math.Max(0, image.SizeBytes - start);
        if (beyond < content.Length) content[(int)beyond..].Span.Clear();
    }

    private async Task LayOnParentAsync(
        IngestWindow window, List<int> laid, Memory<byte> content, CancellationToken cancellation)
    {
        var bytes = laid.Count * layout.BlockBytes;
        var rented = PageBuffer.Rent(bytes);
        try
        {
            var blocks = laid.ConvertAll(i => window.FirstBlock + i);
            await parent!.ReadBlocksAsync(blocks, rented.Memory, cancellation);
            for (var n = 0; n < laid.Count; n++)
                Slice(rented.Memory, n).CopyTo(Slice(content, laid[n]));
        }
        finally
        {
            rented.Return();
        }
    }

    /// <summary>
    /// All blocks of a first version, each hashed and encoded while the processor still has it in
    /// its cache.
    /// </summary>
    private (List<IngestedBlock> Blocks, ulong NonZero) Take(
        IngestWindow window, ulong wanted, ReadOnlySpan<byte> content)
    {
        var blocks = new List<IngestedBlock>(BitOperations.PopCount(wanted));
        ulong nonZero = 0;
        for (var i = 0; i < window.Count; i++)
        {
            if (!Has(wanted, i)) continue;
            var bytes = content.Slice(i * layout.BlockBytes, layout.BlockBytes);
            var hash = Sectors.HashOf(bytes);
            if (hash.IsZero) continue;
            nonZero |= 1UL << i;
            var block = window.FirstBlock + i;
            blocks.Add(new IngestedBlock(
                new PackedChange(block, layout.FullMask, 0, hash, null),
                _claims.Claim(hash, block)
                    ? EncodedFrame.Make(bytes, ObjectNames.Base(shard))
                    : null));
        }
        return (blocks, nonZero);
    }

    private async Task<(List<IngestedBlock> Blocks, ulong NonZero)> CompareAsync(
        IngestWindow window, ulong wanted, Memory<byte> content, CancellationToken cancellation)
    {
        var hashes = new Hash256[window.Count];
        var differing = new List<int>();
        var old = new List<int>();
        ulong nonZero = 0;
        for (var i = 0; i < window.Count; i++)
        {
            var before = newest?.HashOf(window.FirstBlock + i) ?? Hash256.Zero;
            hashes[i] = Has(wanted, i) ? Sectors.HashOf(Slice(content, i).Span) : before;
            if (!hashes[i].IsZero) nonZero |= 1UL << i;
            if (hashes[i] == before) continue;
            differing.Add(i);
            if (!before.IsZero && !hashes[i].IsZero) old.Add(window.FirstBlock + i);
        }
        var rented = PageBuffer.Rent(old.Count * layout.BlockBytes);
        try
        {
            if (old.Count > 0)
                await newest!.ReadBlocksAsync(old, rented.Memory, cancellation);
            var blocks = new List<IngestedBlock>(differing.Count);
            var nextOld = 0;
            foreach (var i in differing)
            {
                var block = window.FirstBlock + i;
                var hasOld = nextOld < old.Count && old[nextOld] == block;
                var before = hasOld
                    ? Slice(rented.Memory, nextOld++)
                    : default;
                blocks.Add(Ingest(block, Slice(content, i).Span, before.Span, hashes[i]));
            }
            return (blocks, nonZero);
        }
        finally
        {
            rented.Return();
        }
    }

    /// <summary>What to store of a block; <paramref name="before"/> is empty where it was zero.</summary>
    private IngestedBlock Ingest(
        int block, ReadOnlySpan<byte> after, ReadOnlySpan<byte> before, Hash256 hash)
    {
        var changed = before.IsEmpty
            ? (ushort)(layout.FullMask & ~Sectors.ZerosAmong(layout.FullMask, after, layout))
            : Sectors.Differing(before, after, layout);
        return new IngestedBlock(
            PackedChange.Of(block, changed, after, hash, layout), null);
    }
}
