using System.Security.Cryptography;
using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.SimulationTests.Properties;

/// <summary>
/// The fingerprint of a version, computed from its full copy by the format's description alone:
/// it shares no code with the engine's, so that the two must agree by being right.
/// </summary>
internal static class IndependentFingerprint
{
    public static string Of(IReadOnlyDictionary<string, byte[]> disks, Layout layout)
    {
        var version = Tagged("SFvn");
        foreach (var (name, content) in disks.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            var text = Encoding.UTF8.GetBytes(name);
            version.WriteByte((byte)text.Length);
            version.Write(text);
            version.Write(Disk(content, layout) ?? new byte[32]);
        }
        return Convert.ToHexStringLower(SHA256.HashData(version.ToArray()));
    }

    private static byte[]? Disk(byte[] content, Layout layout) =>
        Node("SFdk", content, (int)layout.ShardBytes, 4, shard =>
            Node("SFsh", shard, layout.BlocksPerPage * layout.BlockBytes, 4, page =>
                Node("SFpg", page, layout.BlockBytes, 2, block => Block(block, layout))));

    /// <summary>A node over the parts of some content; none where all parts have none.</summary>
    private static byte[]? Node(
        string tag, byte[] content, int partBytes, int numberBytes, Func<byte[], byte[]?> part)
    {
        var text = Tagged(tag);
        for (var number = 0; (long)number * partBytes < content.Length; number++)
        {
            var end = Math.Min(content.Length, (number + 1) * partBytes);
            if (part(content[(number * partBytes)..end]) is not { } node) continue;
            text.Write(BitConverter.GetBytes(number), 0, numberBytes);
            text.Write(node);
        }
        return text.Length == tag.Length ? null : SHA256.HashData(text.ToArray());
    }

    /// <summary>A block is hashed whole: what lies past the disk's end is zero.</summary>
    private static byte[]? Block(byte[] content, Layout layout)
    {
        if (content.All(b => b == 0)) return null;
        Array.Resize(ref content, layout.BlockBytes);
        return SHA256.HashData(content);
    }

    private static MemoryStream Tagged(string tag)
    {
        var text = new MemoryStream();
        text.Write(Encoding.ASCII.GetBytes(tag));
        return text;
    }
}
