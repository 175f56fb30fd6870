using System.Numerics;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Rewriting;

/// <summary>
/// Puts the changed sectors of one block together from the frames of several deltas, and proves
/// each: that it comes from the delta that owns it, that it is laid where it belongs, and, where
/// the deltas give the whole block, that this hashes to what was recorded.
/// </summary>
internal sealed class ComposedBlocks(
    ShardMap map, SectorOwners owners, IReadOnlyList<DeltaStream> streams, ISectorOverlay overlay,
    Layout layout, string subject) : IComposedBlocks
{
    private const byte Untouched = 0xA5;

    private readonly byte[] _block = new byte[layout.BlockBytes];
    private readonly byte[] _expected = new byte[layout.BlockBytes];

    /// <inheritdoc/>
    public async ValueTask<PackedChange> ComposeAsync(int block, CancellationToken cancellation)
    {
        map.TryGet(block, out var head);
        Require(block, owners.HashOf(block), head.Hash);
        if (head.Hash.IsZero)
            return new PackedChange(block, layout.FullMask, layout.FullMask, Hash256.Zero, null);
        // Filled, so that a sector which must be zero and is not laid is seen too.
        _block.AsSpan().Fill(Untouched);
        _expected.AsSpan().Fill(Untouched);
        for (var at = head.FirstSource; at >= 0; at = map.Source(at).Next)
        {
            var source = map.Source(at);
            // The map's first delta is the last one of the chain.
            var owned = owners.OwnedBy(block, streams.Count - 1 - source.Object);
            if (owned != source.Take) throw Differs(block);
            var held = source.NeedsFrame
                ? (await streams[source.Object].FrameAsync(source.Frame, cancellation))
                    [(source.Position * layout.SectorBytes)..]
                : ReadOnlyMemory<byte>.Empty;
            overlay.Lay(_block, source.Take, source.Zero, source.Stored, held.Span, layout);
            Expect(source, held.Span);
        }
        Prove(block, head);
        return PackedChange.Of(block, head.Covered, _block, head.Hash, layout);
    }

    /// <summary>Where each sector must come to lie, reckoned without the overlay.</summary>
    private void Expect(in BlockSource source, ReadOnlySpan<byte> held)
    {
        var size = layout.SectorBytes;
        for (var s = 0; s < layout.SectorsPerBlock; s++)
        {
            if ((source.Take >> s & 1) == 0) continue;
            if ((source.Zero >> s & 1) != 0)
            {
                _expected.AsSpan(s * size, size).Clear();
                continue;
            }
            var before = BitOperations.PopCount((uint)(source.Stored & ((1 << s) - 1)));
            held.Slice(before * size, size).CopyTo(_expected.AsSpan(s * size));
        }
    }

    private void Prove(int block, in BlockHead head)
    {
        if (!_block.AsSpan().SequenceEqual(_expected)) throw Differs(block);
        if (head.Covered == layout.FullMask) Require(block, head.Hash, Sectors.HashOf(_block));
    }

    private ProofFailedException Differs(int block) => new(
        $"block {block} of {subject}", Hash256.Of(_expected), Hash256.Of(_block));

    private void Require(int block, Hash256 expected, Hash256 found)
    {
        if (expected != found)
            throw new ProofFailedException($"block {block} of {subject}", expected, found);
    }
}
