using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.SimulationTests.Proofs;

/// <summary>Lays sectors in one of the ways in which it could be done wrong.</summary>
internal sealed class WrongOverlay(string mistake) : ISectorOverlay
{
    private readonly Lock _lock = new();
    private byte[] _lastBlock = [];
    private int _calls;

    public static string[] Mistakes { get; } =
    [
        "sector-late", "sector-early", "zero-skipped", "mask-ignored", "mask-shifted",
        "other-block", "not-applied", "once-only", "held-from-start", "one-bit",
    ];

    public void Lay(
        Span<byte> block, ushort take, ushort zero, ushort stored, ReadOnlySpan<byte> held,
        Layout layout)
    {
        lock (_lock) LayWrong(block, take, zero, stored, held, layout);
    }

    private void LayWrong(
        Span<byte> block, ushort take, ushort zero, ushort stored, ReadOnlySpan<byte> held,
        Layout layout)
    {
        _calls++;
        var before = block.ToArray();
        var (full, size) = (layout.FullMask, layout.SectorBytes);
        // Whatever a wrong mask asks for is there to be copied.
        var padded = new byte[held.Length + layout.BlockBytes];
        held.CopyTo(padded);
        if (mistake is "zero-skipped") zero = 0;
        if (mistake is "mask-ignored") (take, stored) = (full, (ushort)(full & ~zero));
        if (mistake is "mask-shifted") take = (ushort)((take << 1) & full);
        Sectors.Lay(block, take, zero, stored, padded, layout);
        if (mistake is "sector-late") Rotate(block, before, size);
        if (mistake is "sector-early") Rotate(block, before, layout.BlockBytes - size);
        if (mistake is "other-block" && _lastBlock.Length > 0) _lastBlock.CopyTo(block);
        if (mistake is "not-applied" || (mistake is "once-only" && _calls > 1))
            before.CopyTo(block);
        if (mistake is "held-from-start" && held.Length > size) held[..size].CopyTo(block[size..]);
        if (mistake is "one-bit") block[_calls % block.Length] ^= 1;
        _lastBlock = before;
    }

    /// <summary>What was laid comes to lie some bytes further on.</summary>
    private static void Rotate(Span<byte> block, byte[] before, int bytes)
    {
        var laid = block.ToArray();
        for (var i = 0; i < laid.Length; i++)
            block[(i + bytes) % laid.Length] = laid[i] == before[i] ? before[i] : laid[i];
    }
}
