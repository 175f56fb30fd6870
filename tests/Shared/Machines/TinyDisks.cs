namespace SnapshotFunctions.TestShared.Machines;

/// <summary>Contents of small disks, each from a seed.</summary>
public static class TinyDisks
{
    /// <summary>
    /// A row of versions: random changes of any length, zeroed ranges, and sizes that rise and fall
    /// and are no multiple of anything.
    /// </summary>
    public static List<byte[]> Row(int seed, int count, int sizeBytes = 70_001)
    {
        var random = new Random(seed);
        var versions = new List<byte[]>();
        var content = new byte[sizeBytes];
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && random.Next(3) == 0)
                Array.Resize(ref content, random.Next(sizeBytes / 2, sizeBytes * 3 / 2));
            for (var change = random.Next(1, 9); change > 0; change--)
            {
                var length = random.Next(1, 5000);
                var at = random.Next(content.Length - length);
                if (random.Next(3) == 0) content.AsSpan(at, length).Clear();
                else random.NextBytes(content.AsSpan(at, length));
            }
            versions.Add([.. content]);
        }
        return versions;
    }
}
