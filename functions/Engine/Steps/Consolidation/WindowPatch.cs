using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>
/// Patches one window: takes the base's blocks, lays the deltas over them one after the other,
/// saves at each the sectors about to be overwritten, and hashes each block at each version it
/// passes through. Windows are independent of each other.
/// </summary>
internal sealed class WindowPatch(
    ShardView baseView, IReadOnlyList<DeltaIndex> deltas, IObjectStore deltaStore,
    ISectorOverlay overlay)
{
    private readonly FrameClaims _claims = new();
    private readonly Layout _layout = baseView.Base.Footer.Header.Layout;
    private readonly StoredObject[] _objects =
        [.. deltas.Select(d => new StoredObject(
            deltaStore, d.Place.DataName(baseView.Shard), null, baseView.Copies))];

    public async Task<PatchedWindow> RunAsync(
        List<int> blocks, CancellationToken cancellation)
    {
        var bytes = blocks.Count * _layout.BlockBytes;
        var rented = PageBuffer.Rent(bytes);
        using var batch = new FrameBatch();
        try
        {
            var content = rented.Memory;
            var slots = Plan(blocks, batch);
            await Task.WhenAll(
                baseView.ReadBlocksAsync(blocks, content, cancellation),
                batch.FetchAsync(cancellation));
            var result = new PatchedWindow(
                [.. deltas.Select(_ => new List<PackedChange>())], []);
            if (deltaStore is IPlannedReads)
            {
                var planned = new PlannedPatch(baseView, deltas, _claims);
                foreach (var block in blocks) planned.Run(block, result);
                return result;
            }
            var before = new byte[_layout.BlockBytes];
            for (var i = 0; i < blocks.Count; i++)
            {
                var block = content.Span.Slice(i * _layout.BlockBytes, _layout.BlockBytes);
                var hash = Pass(blocks[i], block, before, batch, slots, i, result);
                EncodedFrame? frame = hash.IsZero || !_claims.Claim(hash, blocks[i])
                    ? null
                    : EncodedFrame.Make(block, baseView.Base.Name, baseView.IsOnOrigin);
                result.Blocks.Add((blocks[i], hash, frame));
            }
            return result;
        }
        finally
        {
            rented.Return();
        }
    }

    private int[] Plan(List<int> blocks, FrameBatch batch)
    {
        var slots = new int[blocks.Count * deltas.Count];
        for (var i = 0; i < blocks.Count; i++)
        {
            for (var d = 0; d < deltas.Count; d++)
            {
                var at = deltas[d].Find(blocks[i]);
                slots[(i * deltas.Count) + d] = -1;
                if (at < 0 || deltas[d].Entries[at].Frame < 0) continue;
                var frame = deltas[d].Frames[deltas[d].Entries[at].Frame];
                slots[(i * deltas.Count) + d] = batch.Add(new FrameLocation(
                    _objects[d], deltas[d].PackOffset + frame.Offset, frame.StoredBytes,
                    frame.Sectors * _layout.SectorBytes, frame.Codec));
            }
        }
        return slots;
    }

    /// <summary>Takes one block through all versions; its hash at the last one.</summary>
    private Hash256 Pass(
        int number, Span<byte> block, byte[] before, FrameBatch batch, int[] slots, int i,
        PatchedWindow result)
    {
        var hash = baseView.HashOf(number);
        for (var d = 0; d < deltas.Count; d++)
        {
            var delta = deltas[d];
            var at = delta.Find(number);
            if (at < 0 && !delta.Zeroes(number)) continue;
            block.CopyTo(before);
            var beforeHash = hash;
            ushort taken;
            Hash256 expected;
            if (at < 0)
            {
                (taken, expected) = (_layout.FullMask, Hash256.Zero);
                overlay.Lay(block, taken, taken, 0, [], _layout);
            }
            else
            {
                var entry = delta.Entries[at];
                (taken, expected) = (entry.Changed, entry.Hash);
                var slot = slots[(i * deltas.Count) + d];
                var held = slot < 0 ? [] : batch[slot][(entry.Position * _layout.SectorBytes)..];
                overlay.Lay(block, entry.Changed, entry.Zero, entry.Stored, held, _layout);
            }
            hash = Sectors.HashOf(block);
            if (hash != expected)
                throw new ProofFailedException(
                    $"block {number} of {baseView.Shard} at version {delta.To}", expected, hash);
            var changed = (ushort)(Sectors.Differing(before, block, _layout) & taken);
            if (changed != 0 && delta.From != 0)
                result.Saved[d].Add(
                    PackedChange.Of(number, changed, before, beforeHash, _layout));
        }
        return hash;
    }
}
