using System.Buffers;
using System.Numerics;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>
/// Takes blocks through the deltas without their bytes, for a plan: which sectors would be saved
/// and what each block hashes to is told by the indexes; how long the frames become is estimated
/// from the frames that the sectors lie in now.
/// </summary>
internal sealed class PlannedPatch(
    ShardView baseView, IReadOnlyList<DeltaIndex> deltas, FrameClaims claims)
{
    private readonly Layout _layout = baseView.Base.Footer.Header.Layout;

    /// <summary>Takes a block through all versions.</summary>
    public void Run(int number, PatchedWindow result)
    {
        var sectors = new double[_layout.SectorsPerBlock];
        var entry = baseView.IsOnOrigin ? default : baseView.Base.Entry(number);
        var hash = baseView.HashOf(number);
        // How well an origin's block compresses is not looked up: it counts whole.
        var lies = hash.IsZero ? 0 : entry.HasFrame ? entry.StoredBytes : _layout.BlockBytes;
        Array.Fill(sectors, (double)lies / sectors.Length);
        ushort zero = hash.IsZero ? _layout.FullMask : (ushort)0;
        for (var d = 0; d < deltas.Count; d++)
        {
            var at = deltas[d].Find(number);
            if (at < 0 && !deltas[d].Zeroes(number)) continue;
            var change = at < 0
                ? new DeltaEntry(
                    number, _layout.FullMask, _layout.FullMask, -1, 0, Hash256.Zero)
                : deltas[d].Entries[at];
            // What was zero and becomes zero is no change.
            var taken = (ushort)(change.Changed & ~(zero & change.Zero));
            if (taken != 0 && deltas[d].From != 0)
                result.Saved[d].Add(Saved(number, taken, zero, hash, sectors));
            Lay(change, deltas[d], sectors);
            zero = (ushort)((zero | change.Zero) & ~change.Stored);
            hash = change.Hash;
        }
        var stored = (int)Math.Clamp(Math.Round(sectors.Sum()), 1, _layout.BlockBytes);
        EncodedFrame? frame = hash.IsZero || !claims.Claim(hash, number)
            ? null : EncodedFrame.Planned(stored, _layout.BlockBytes);
        result.Blocks.Add((number, hash, frame));
    }

    /// <summary>
    /// Encodes what <see cref="Saved"/> has packed: the length that each sector is estimated at
    /// stands in the sector's first bytes.
    /// </summary>
    public static EncodedFrame Encode(ReadOnlySpan<byte> raw, Layout layout)
    {
        var stored = 0L;
        for (var at = 0; at < raw.Length; at += layout.SectorBytes)
            stored += BitConverter.ToInt32(raw[at..]);
        return EncodedFrame.Planned((int)Math.Clamp(stored, 1, raw.Length), raw.Length);
    }

    private PackedChange Saved(
        int block, ushort changed, ushort zero, Hash256 hash, double[] sectors) =>
        Pack(block, changed, zero, hash, sectors, _layout);

    /// <summary>
    /// A change whose bytes are not known: the length that each of its sectors is estimated at
    /// stands in the sector's first bytes, as <see cref="Encode"/> reads it.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="changed">Its sectors that change.</param>
    /// <param name="zero">Those that are zero afterwards.</param>
    /// <param name="hash">What the block hashes to afterwards.</param>
    /// <param name="sectors">How many stored bytes each sector is estimated at.</param>
    /// <param name="layout">The sizes.</param>
    internal static PackedChange Pack(
        int block, ushort changed, ushort zero, Hash256 hash, ReadOnlySpan<double> sectors,
        Layout layout)
    {
        if (hash.IsZero)
            return new PackedChange(block, layout.FullMask, layout.FullMask, hash, null);
        var stored = changed & ~zero;
        var count = BitOperations.PopCount((uint)stored);
        if (count == 0) return new PackedChange(block, changed, changed, hash, null);
        var rented = ArrayPool<byte>.Shared.Rent(count * layout.SectorBytes);
        var at = 0;
        for (var s = 0; s < sectors.Length; s++)
        {
            if ((stored >> s & 1) == 0) continue;
            var length = (int)Math.Clamp(Math.Round(sectors[s]), 1, layout.SectorBytes);
            BitConverter.TryWriteBytes(rented.AsSpan(at), length);
            at += layout.SectorBytes;
        }
        return new PackedChange(block, changed, (ushort)(changed & zero), hash, rented);
    }

    private static void Lay(in DeltaEntry change, DeltaIndex delta, double[] sectors)
    {
        var each = 0d;
        if (change.Frame >= 0)
        {
            var frame = delta.Frames[change.Frame];
            each = (double)frame.StoredBytes / Math.Max(1, (int)frame.Sectors);
        }
        for (var s = 0; s < sectors.Length; s++)
        {
            if ((change.Zero >> s & 1) != 0) sectors[s] = 0;
            else if ((change.Stored >> s & 1) != 0) sectors[s] = each;
        }
    }
}
