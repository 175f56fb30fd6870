using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.SimulationTests.Properties;

/// <summary>A qcow2 overlay of random clusters, and the content that it gives its parent's.</summary>
/// <param name="File">The qcow2 file.</param>
/// <param name="Content">What the disk holds with the overlay over its parent.</param>
/// <param name="LastDataOffset">Where the last data cluster begins; 0 when there is none.</param>
internal sealed record RandomOverlay(byte[] File, byte[] Content, int LastDataOffset)
{
    private const int ClusterBits = 9;
    private const int ClusterBytes = 1 << ClusterBits;

    public static RandomOverlay On(
        Random random, byte[] parent, int sizeBytes, int changes, string backing)
    {
        var content = new byte[sizeBytes];
        parent.AsSpan(0, Math.Min(parent.Length, sizeBytes)).CopyTo(content);
        var builder = new Qcow2Builder
        {
            ClusterBits = ClusterBits, SizeBytes = sizeBytes, Backing = backing,
        };
        var clusters = (sizeBytes + ClusterBytes - 1) / ClusterBytes;
        var chosen = new SortedSet<int>();
        while (chosen.Count < Math.Min(changes, clusters))
            AddRun(random, chosen, clusters);
        var count = 0;
        foreach (var cluster in chosen)
        {
            var at = cluster * ClusterBytes;
            var place = content.AsSpan(at, Math.Min(ClusterBytes, sizeBytes - at));
            if (random.Next(4) == 0)
            {
                builder.Entry(cluster, 1);
                place.Clear();
                continue;
            }
            // Beyond the disk's end a cluster may hold anything: it must not come in.
            var data = Fill(random, place);
            data.AsSpan(0, place.Length).CopyTo(place);
            builder.Data(cluster, data);
            count++;
        }
        var file = builder.Build();
        return new RandomOverlay(file, content, count == 0 ? 0 : file.Length - ClusterBytes);
    }

    private static void AddRun(Random random, SortedSet<int> chosen, int clusters)
    {
        var first = random.Next(clusters);
        var length = random.Next(3) == 0 ? random.Next(1, 12) : 1;
        for (var i = first; i < Math.Min(clusters, first + length); i++) chosen.Add(i);
    }

    /// <summary>New bytes, a few changed ones, the same ones, or explicit zeros.</summary>
    private static byte[] Fill(Random random, ReadOnlySpan<byte> before)
    {
        var data = new byte[ClusterBytes];
        var kind = random.Next(5);
        if (kind == 0) return data;
        random.NextBytes(data.AsSpan(before.Length));
        before.CopyTo(data);
        if (kind == 1) return data;
        if (kind == 2) data[random.Next(ClusterBytes)] ^= 0x55;
        else if (kind == 3) data.AsSpan().Fill((byte)random.Next(1, 256));
        else random.NextBytes(data);
        return data;
    }
}
