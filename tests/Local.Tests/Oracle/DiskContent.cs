using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Files;
using Xunit;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>Reads whole small disks, chains laid over each other, and compares them.</summary>
internal static class DiskContent
{
    /// <summary>The disk of a chain: each image lies over the one before it.</summary>
    public static async Task<byte[]> OfChainAsync(int readBytes, params string[] paths)
    {
        byte[] disk = [];
        foreach (var path in paths)
        {
            await using var image = await ImageOpener.OpenAsync(new FileByteSource(path));
            Array.Resize(ref disk, (int)image.SizeBytes);
            await LayAsync(image, disk, readBytes);
        }

        return disk;
    }

    /// <summary>Where two disks differ first; null where they are equal.</summary>
    public static string? Difference(byte[] expected, byte[] actual)
    {
        if (expected.Length != actual.Length)
            return $"{expected.Length} bytes expected, {actual.Length} found";
        var at = expected.AsSpan().CommonPrefixLength(actual);
        return at == expected.Length
            ? null
            : $"at byte {at}: {expected[at]} expected, {actual[at]} found";
    }

    /// <summary>A disk of text, noise, one repeated byte and holes, from a seed.</summary>
    public static byte[] Sample(int lengthBytes, int seed)
    {
        var random = new Random(seed);
        var disk = new byte[lengthBytes];
        for (var at = 0; at < lengthBytes;)
        {
            var part = disk.AsSpan(at, Math.Min(random.Next(1, 300_000), lengthBytes - at));
            switch (random.Next(4))
            {
                case 0:
                    random.NextBytes(part);
                    break;
                case 1:
                    part.Fill((byte)random.Next(1, 256));
                    break;
                case 2:
                    for (var i = 0; i < part.Length; i++)
                        part[i] = (byte)('a' + (i * 7 % 13) + random.Next(2));
                    break;
                default:
                    break;
            }

            at += part.Length;
        }

        return disk;
    }

    private static async Task LayAsync(IDiskImage image, byte[] disk, int readBytes)
    {
        await foreach (var (range, kind) in image.ExtentsAsync(new ByteRange(0, disk.Length)))
        {
            Assert.True(kind != ExtentKind.Parent || image.HasParent);
            if (kind == ExtentKind.Parent)
                continue;
            for (var at = range.Offset; at < range.End; at += readBytes)
            {
                var part = disk.AsMemory((int)at, (int)Math.Min(readBytes, range.End - at));
                part.Span.Fill(0xEE);
                await image.ReadAsync(at, part);
                if (kind == ExtentKind.Zero)
                    Assert.False(part.Span.ContainsAnyExcept((byte)0));
            }
        }
    }
}
