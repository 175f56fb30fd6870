using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SnapshotFunctions.TestShared.Images;

/// <summary>
/// Builds small qcow2 files from the format's description alone. It shares no code with the reader
/// and checks nothing, so that wrong files can be built as well as right ones.
/// </summary>
public sealed class Qcow2Builder
{
    private const ulong Copied = 1UL << 63;
    private readonly SortedDictionary<long, (ulong Entry, ulong Bitmap)> _entries = [];
    private readonly List<(long Cluster, byte[] Content, ulong Bitmap)> _data = [];
    private readonly List<(long Cluster, byte[] Packed)> _packed = [];

    /// <summary>2 or 3.</summary>
    public int Version { get; init; } = 3;

    /// <summary>The cluster size's power of two.</summary>
    public int ClusterBits { get; init; } = 12;

    /// <summary>The virtual disk's size.</summary>
    public long SizeBytes { get; init; } = 1 << 20;

    /// <summary>Compressed clusters are zstd, not deflate.</summary>
    public bool Zstd { get; init; }

    /// <summary>L2 entries carry subclusters.</summary>
    public bool Subclusters { get; init; }

    /// <summary>The backing file's name.</summary>
    public string? Backing { get; init; }

    /// <summary>Where the L1 table lies in the built file.</summary>
    public long L1Offset => (long)ClusterBytes * 2;

    /// <summary>Where the first L2 table lies in the built file.</summary>
    public long FirstTableOffset => L1Offset + Align(L1Entries * 8);

    /// <summary>L2 tables in the built file.</summary>
    public int Tables => _entries.Keys.Concat(_data.Select(d => d.Cluster))
        .Concat(_packed.Select(p => p.Cluster)).Select(c => c / PerTable).Distinct().Count();

    /// <summary>The cluster size.</summary>
    public int ClusterBytes => 1 << ClusterBits;

    private int EntryBytes => Subclusters ? 16 : 8;

    private long PerTable => ClusterBytes / EntryBytes;

    private long L1Entries => Math.Max(
        1, (SizeBytes + (ClusterBytes * PerTable) - 1) / (ClusterBytes * PerTable));

    /// <summary>
    /// A cluster that is stored as it is; of subclusters, those that the bitmap names.
    /// </summary>
    public Qcow2Builder Data(long cluster, byte[] content, ulong bitmap = uint.MaxValue)
    {
        _data.Add((cluster, content, bitmap));
        return this;
    }

    /// <summary>A cluster that is stored compressed.</summary>
    public Qcow2Builder Compressed(long cluster, byte[] content)
    {
        _packed.Add((cluster, Pack(content)));
        return this;
    }

    /// <summary>A cluster with an L2 entry as given; a zero cluster has the entry 1.</summary>
    public Qcow2Builder Entry(long cluster, ulong entry, ulong bitmap = 0)
    {
        _entries[cluster] = (entry, bitmap);
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        var tables = _entries.Keys.Concat(_data.Select(d => d.Cluster))
            .Concat(_packed.Select(p => p.Cluster)).Select(c => c / PerTable).Distinct().Order()
            .ToList();
        var firstData = FirstTableOffset + ((long)tables.Count << ClusterBits);
        var firstPacked = firstData + ((long)_data.Count << ClusterBits);
        var file = new byte[firstPacked + _packed.Sum(p => p.Packed.Length)];
        var entries = new SortedDictionary<long, (ulong, ulong)>(_entries);
        for (var i = 0; i < _data.Count; i++)
        {
            var at = firstData + ((long)i << ClusterBits);
            _data[i].Content.CopyTo(file, at);
            entries[_data[i].Cluster] = ((ulong)at | Copied, _data[i].Bitmap);
        }

        var packedAt = firstPacked;
        foreach (var (cluster, packed) in _packed)
        {
            packed.CopyTo(file, packedAt);
            entries[cluster] = (PackedEntry(packedAt, packed.Length), 0);
            packedAt += packed.Length;
        }

        WriteHeader(file);
        foreach (var (cluster, (entry, bitmap)) in entries)
        {
            var table = tables.IndexOf(cluster / PerTable);
            var tableAt = FirstTableOffset + ((long)table << ClusterBits);
            BinaryPrimitives.WriteUInt64BigEndian(
                file.AsSpan((int)(L1Offset + (cluster / PerTable * 8))), (ulong)tableAt | Copied);
            var at = (int)(tableAt + (cluster % PerTable * EntryBytes));
            BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(at), entry);
            if (Subclusters)
                BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(at + 8), bitmap);
        }

        return file;
    }

    private ulong PackedEntry(long at, int length)
    {
        var sectors = ((at + length - 1) / 512) - (at / 512);
        return (1UL << 62) | ((ulong)sectors << (62 - (ClusterBits - 8))) | (ulong)at;
    }

    private void WriteHeader(byte[] file)
    {
        var span = file.AsSpan();
        "QFI"u8.CopyTo(span);
        span[3] = 0xFB;
        BinaryPrimitives.WriteInt32BigEndian(span[4..], Version);
        BinaryPrimitives.WriteInt32BigEndian(span[20..], ClusterBits);
        BinaryPrimitives.WriteInt64BigEndian(span[24..], SizeBytes);
        BinaryPrimitives.WriteInt32BigEndian(span[36..], (int)L1Entries);
        BinaryPrimitives.WriteInt64BigEndian(span[40..], L1Offset);
        BinaryPrimitives.WriteInt64BigEndian(span[48..], ClusterBytes);
        BinaryPrimitives.WriteInt32BigEndian(span[56..], 1);
        var end = 72;
        if (Version == 3)
        {
            BinaryPrimitives.WriteInt64BigEndian(
                span[72..], (Zstd ? 8 : 0) | (Subclusters ? 16 : 0));
            BinaryPrimitives.WriteInt32BigEndian(span[96..], 4);
            BinaryPrimitives.WriteInt32BigEndian(span[100..], 112);
            span[104] = Zstd ? (byte)1 : (byte)0;
            end = 112;
        }

        if (Backing is null)
            return;
        var name = Encoding.UTF8.GetBytes(Backing);
        BinaryPrimitives.WriteInt64BigEndian(span[8..], end + 8);
        BinaryPrimitives.WriteInt32BigEndian(span[16..], name.Length);
        name.CopyTo(span[(end + 8)..]);
    }

    private byte[] Pack(byte[] content)
    {
        if (Zstd)
        {
            using var compressor = new ZstdSharp.Compressor(3);
            return compressor.Wrap(content).ToArray();
        }

        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(content);
        return packed.ToArray();
    }

    private long Align(long length) => (length + ClusterBytes - 1) & -ClusterBytes;
}
