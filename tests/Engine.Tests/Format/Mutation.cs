namespace SnapshotFunctions.EngineTests.Format;

/// <summary>Changes to stored bytes as damage or malice would make them: numbers, moved parts.</summary>
internal static class Mutation
{
    private static readonly long[] Tempting =
    [
        0, 1, -1, 2, 7, 8, 9, 16, 17, 31, 32, 33, 127, 128, 255, 256, 4095, 4096, 4097, 8192, 32767,
        32768, 65535, 65536, 99_999_999, 100_000_000, 1 << 20, (1 << 20) + 1, int.MaxValue,
        int.MaxValue - 1, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue, long.MinValue,
    ];

    /// <summary>Writes a tempting, near or random number of 1, 2, 4 or 8 bytes somewhere.</summary>
    public static void Number(Span<byte> bytes, Random random)
    {
        if (bytes.IsEmpty) return;
        var at = random.Next(bytes.Length);
        var width = Math.Min(1 << random.Next(4), bytes.Length - at);
        var old = 0L;
        for (var i = width - 1; i >= 0; i--) old = (old << 8) | bytes[at + i];
        var value = random.Next(4) switch
        {
            0 => old + random.Next(-3, 4),
            1 => random.NextInt64(),
            2 => old ^ (1L << random.Next(8 * width)),
            _ => Tempting[random.Next(Tempting.Length)],
        };
        for (var i = 0; i < width; i++) bytes[at + i] = (byte)(value >> (8 * i));
    }

    /// <summary>Cuts out, doubles or exchanges parts.</summary>
    public static byte[] Parts(byte[] bytes, Random random)
    {
        var first = random.Next(bytes.Length + 1);
        var length = Math.Min(random.Next(1, 49), bytes.Length - first);
        var part = bytes.AsSpan(first, length);
        return random.Next(3) switch
        {
            0 => [.. bytes.AsSpan(0, first), .. bytes.AsSpan(first + length)],
            1 => [.. bytes.AsSpan(0, first), .. part, .. bytes.AsSpan(first)],
            _ => [.. bytes.AsSpan(0, first), .. bytes.AsSpan(first + length), .. part],
        };
    }
}
