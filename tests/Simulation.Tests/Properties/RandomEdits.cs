namespace SnapshotFunctions.SimulationTests.Properties;

/// <summary>What a guest may do to its disk between two snapshots.</summary>
internal static class RandomEdits
{
    private const int MostBytes = 70_000;

    /// <summary>A disk of some size with some data on it.</summary>
    public static byte[] NewDisk(Random random)
    {
        var disk = new byte[Size(random, 20_000)];
        Scatter(random, disk);
        if (random.Next(2) == 0) Contiguous(random, disk);
        return disk;
    }

    /// <summary>The disk after some edits, and what they were.</summary>
    public static (byte[] Disk, string What) Apply(
        Random random, byte[] disk, IReadOnlyList<byte[]> others)
    {
        disk = (byte[])disk.Clone();
        var what = new List<string>();
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var kind = random.Next(7);
            what.Add(new[]
            {
                "scattered", "contiguous", "zeroed", "grown", "shrunk", "copied", "few",
            }[kind]);
            disk = kind switch
            {
                0 => Scatter(random, disk),
                1 => Contiguous(random, disk),
                2 => Zero(random, disk),
                3 => Resize(random, disk, Math.Min(MostBytes, disk.Length + Size(random, 30_000))),
                4 => Resize(random, disk, Size(random, disk.Length)),
                5 => CopyBack(random, disk, others),
                _ => Few(random, disk),
            };
        }
        return (disk, string.Join("+", what));
    }

    /// <summary>A size in bytes: any, or one at or beside a border of shards or blocks.</summary>
    public static int Size(Random random, int most)
    {
        var size = random.Next(4) switch
        {
            0 => (random.Next(1, 4) * 16_384) + random.Next(-1, 2),
            1 => (random.Next(1, 60) * 1024) + random.Next(-1, 2),
            _ => random.Next(1, most + 1),
        };
        return Math.Clamp(size, 1, Math.Max(1, most));
    }

    private static byte[] Scatter(Random random, byte[] disk)
    {
        for (var left = random.Next(1, 12); left > 0; left--)
            random.NextBytes(Range(random, disk, 300));
        return disk;
    }

    private static byte[] Contiguous(Random random, byte[] disk)
    {
        var range = Range(random, disk, 20_000);
        // What compresses and what does not: both codecs of a frame are met.
        if (random.Next(2) == 0) range.Fill((byte)random.Next(256));
        else random.NextBytes(range);
        return disk;
    }

    private static byte[] Zero(Random random, byte[] disk)
    {
        Range(random, disk, random.Next(2) == 0 ? 400 : 40_000).Clear();
        return disk;
    }

    private static byte[] Few(Random random, byte[] disk)
    {
        disk[random.Next(disk.Length)]++;
        return disk;
    }

    private static byte[] Resize(Random random, byte[] disk, int size)
    {
        var old = disk.Length;
        Array.Resize(ref disk, size);
        if (size > old && random.Next(2) == 0) random.NextBytes(disk.AsSpan(old));
        return disk;
    }

    private static byte[] CopyBack(Random random, byte[] disk, IReadOnlyList<byte[]> others)
    {
        var other = others[random.Next(others.Count)];
        var length = random.Next(1, Math.Min(disk.Length, other.Length) + 1);
        var at = random.Next(Math.Min(disk.Length, other.Length) - length + 1);
        other.AsSpan(at, length).CopyTo(disk.AsSpan(at));
        return disk;
    }

    private static Span<byte> Range(Random random, byte[] disk, int most)
    {
        var at = random.Next(disk.Length);
        return disk.AsSpan(at, Math.Min(disk.Length - at, random.Next(1, most + 1)));
    }
}
