using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SnapshotFunctions.Engine.Model;

/// <summary>
/// The nodes of the hash tree over a version: block, index page, shard, disk, version. What is all
/// zero is left out, so that a sparse disk costs nothing and a disk grown by zeros keeps its node;
/// sizes are kept beside the tree, in the manifest. docs/format.md gives the bytes hashed.
/// </summary>
public static class Fingerprints
{
    /// <summary>The node of one index page from the hashes of its blocks (Zero: all zero).</summary>
    public static Hash256 Page(ReadOnlySpan<Hash256> blocks)
    {
        var buffer = new byte[4 + (blocks.Length * (2 + Hash256.Size))];
        "SFpg"u8.CopyTo(buffer);
        var at = 4;
        for (var i = 0; i < blocks.Length; i++)
        {
            if (blocks[i].IsZero) continue;
            BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(at), (ushort)i);
            blocks[i].CopyTo(buffer.AsSpan(at + 2));
            at += 2 + Hash256.Size;
        }
        return at == 4 ? Hash256.Zero : Hash256.Of(buffer.AsSpan(0, at));
    }

    /// <summary>The node of one shard from the nodes of its pages (Zero: all zero).</summary>
    public static Hash256 Shard(ReadOnlySpan<Hash256> pages)
    {
        var buffer = new byte[4 + (pages.Length * (4 + Hash256.Size))];
        "SFsh"u8.CopyTo(buffer);
        var at = 4;
        for (var i = 0; i < pages.Length; i++)
        {
            if (pages[i].IsZero) continue;
            BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(at), i);
            pages[i].CopyTo(buffer.AsSpan(at + 4));
            at += 4 + Hash256.Size;
        }
        return at == 4 ? Hash256.Zero : Hash256.Of(buffer.AsSpan(0, at));
    }

    /// <summary>The node of one disk from its shards' nodes, in ascending order of the shard.</summary>
    public static Hash256 Disk(IEnumerable<KeyValuePair<int, Hash256>> shards)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("SFdk"u8);
        var entry = new byte[4 + Hash256.Size];
        var any = false;
        foreach (var (shard, node) in shards)
        {
            if (node.IsZero) continue;
            BinaryPrimitives.WriteInt32LittleEndian(entry, shard);
            node.CopyTo(entry.AsSpan(4));
            hash.AppendData(entry);
            any = true;
        }
        return any ? new Hash256(hash.GetHashAndReset()) : Hash256.Zero;
    }

    /// <summary>The fingerprint of a version from its disks' nodes, in ordinal order of names.</summary>
    public static Hash256 Version(IEnumerable<KeyValuePair<string, Hash256>> disks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("SFvn"u8);
        foreach (var (name, node) in disks.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            hash.AppendData([(byte)bytes.Length]);
            hash.AppendData(bytes);
            hash.AppendData(node.ToArray());
        }
        return new Hash256(hash.GetHashAndReset());
    }
}
