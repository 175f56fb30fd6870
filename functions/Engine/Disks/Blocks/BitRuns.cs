namespace SnapshotFunctions.Engine.Disks.Blocks;

/// <summary>Runs of equal bits in a sector bitmap.</summary>
internal static class BitRuns
{
    /// <summary>The run at a bit, where a byte's lowest bit comes first, as in VHDX.</summary>
    /// <param name="bits">The bitmap from the run's first byte on; the run ends with it.</param>
    /// <param name="first">The run's first bit: 0 to 7.</param>
    /// <param name="most">The most bits that are asked for.</param>
    public static (int Count, bool IsSet) Lowest(ReadOnlySpan<byte> bits, int first, int most) =>
        Run(bits, first, most, 0);

    /// <summary>The run at a bit, where a byte's highest bit comes first, as in VHD.</summary>
    /// <param name="bits">The bitmap from the run's first byte on; the run ends with it.</param>
    /// <param name="first">The run's first bit: 0 to 7.</param>
    /// <param name="most">The most bits that are asked for.</param>
    public static (int Count, bool IsSet) Highest(ReadOnlySpan<byte> bits, int first, int most) =>
        Run(bits, first, most, 7);

    private static (int Count, bool IsSet) Run(
        ReadOnlySpan<byte> bits, int first, int most, int flip)
    {
        var isSet = IsSet(bits, first, flip);
        var end = (int)Math.Min((long)bits.Length * 8, (long)first + most);
        var at = first + 1;
        while (at < end)
        {
            // Whole bytes at once where they are all alike.
            if ((at & 7) == 0)
            {
                var same = bits[(at >> 3)..].IndexOfAnyExcept(isSet ? (byte)0xFF : (byte)0);
                if (same < 0)
                    return (end - first, isSet);
                at += same * 8;
                if (at >= end)
                    break;
            }

            if (IsSet(bits, at, flip) != isSet)
                break;
            at++;
        }

        return (Math.Min(at, end) - first, isSet);
    }

    private static bool IsSet(ReadOnlySpan<byte> bits, int at, int flip) =>
        (bits[at >> 3] & (1 << ((at & 7) ^ flip))) != 0;
}
