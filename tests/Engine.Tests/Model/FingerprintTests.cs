using System.Security.Cryptography;
using System.Text;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Model;

/// <summary>Against a plain reading of docs/format.md, section 9, that builds each node's bytes.</summary>
public sealed class FingerprintTests
{
    [Fact]
    public void Every_node_is_the_hash_of_the_bytes_that_the_document_gives()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var nodes = Nodes(random, random.Next(1, 600));
            Assert.Equal(Plain("SFpg", nodes, 2), Fingerprints.Page(nodes));
            Assert.Equal(Plain("SFsh", nodes, 4), Fingerprints.Shard(nodes));
            Assert.Equal(
                Plain("SFdk", nodes, 4),
                Fingerprints.Disk(nodes.Select((n, i) => KeyValuePair.Create(i, n))));
        }
    }

    [Fact]
    public void A_version_lists_every_disk_in_ordinal_order_of_names_whatever_order_came()
    {
        var (a, b) = (Hash256.Of("a"u8), Hash256.Of("b"u8));
        using var bytes = new MemoryStream();
        bytes.Write("SFvn"u8);
        foreach (var (name, node) in new[] { ("data-1", a), ("data0", Hash256.Zero), ("system", b) })
        {
            bytes.WriteByte((byte)name.Length);
            bytes.Write(Encoding.ASCII.GetBytes(name));
            bytes.Write(node.ToArray());
        }
        var expected = new Hash256(SHA256.HashData(bytes.ToArray()));
        Assert.Equal(expected, Fingerprints.Version(new Dictionary<string, Hash256>(
            StringComparer.Ordinal) { ["system"] = b, ["data0"] = default, ["data-1"] = a }));
        Assert.False(Fingerprints.Version([]).IsZero);
    }

    [Fact]
    public void What_is_all_zero_has_the_zero_node_and_trailing_zeros_change_nothing()
    {
        var node = Hash256.Of("x"u8);
        Assert.True(Fingerprints.Page(new Hash256[512]).IsZero);
        Assert.True(Fingerprints.Shard(new Hash256[9]).IsZero);
        Assert.True(Fingerprints.Disk([KeyValuePair.Create(3, Hash256.Zero)]).IsZero);
        Assert.Equal(Fingerprints.Page([node]), Fingerprints.Page([node, default, default]));
        Assert.Equal(Fingerprints.Shard([node]), Fingerprints.Shard([node, default]));
        Assert.NotEqual(Fingerprints.Page([node, default]), Fingerprints.Page([default, node]));
        Assert.NotEqual(Fingerprints.Page([node]), Fingerprints.Shard([node]));
    }

    private static Hash256 Plain(string tag, Hash256[] nodes, int numberBytes)
    {
        var bytes = Encoding.ASCII.GetBytes(tag).ToList();
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].ToArray().All(b => b == 0)) continue;
            for (var n = 0; n < numberBytes; n++) bytes.Add((byte)(i >> (8 * n)));
            bytes.AddRange(nodes[i].ToArray());
        }
        return bytes.Count == 4 ? default : new Hash256(SHA256.HashData([.. bytes]));
    }

    private static Hash256[] Nodes(Random random, int count)
    {
        var nodes = new Hash256[count];
        var bytes = new byte[32];
        var share = random.Next(3);
        for (var i = 0; i < count; i++)
        {
            if (random.Next(2) > share - 1) continue;
            random.NextBytes(bytes);
            nodes[i] = new Hash256(bytes);
        }
        return nodes;
    }
}
