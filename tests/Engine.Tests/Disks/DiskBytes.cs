using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Short ways to content, extents and whole disks.</summary>
internal static class DiskBytes
{
    public static byte[] Noise(int lengthBytes, int seed)
    {
        var bytes = new byte[lengthBytes];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Text(int lengthBytes, int seed)
    {
        var bytes = Noise(lengthBytes, seed);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)('a' + (bytes[i] & 3));
        return bytes;
    }

    public static async Task<byte[]> ReadAsync(IDiskImage image, long offset, int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        bytes.AsSpan().Fill(0xEE);
        await image.ReadAsync(offset, bytes);
        return bytes;
    }

    public static async Task<List<Extent>> ExtentsAsync(IDiskImage image, ByteRange? range = null)
    {
        var extents = new List<Extent>();
        await foreach (var extent in image.ExtentsAsync(range ?? new(0, image.SizeBytes)))
            extents.Add(extent);
        return extents;
    }
}
