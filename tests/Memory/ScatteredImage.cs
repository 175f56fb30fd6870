using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Memory;

/// <summary>
/// A qcow2 file of a large disk that exists nowhere: each read makes its bytes. Clusters of data
/// lie scattered over the whole disk, some to each of its L2 tables in use; what a cluster holds
/// follows from its number and the generation.
/// </summary>
/// <param name="name">The file's name.</param>
/// <param name="tables">L2 tables in use, spread evenly.</param>
/// <param name="perTable">Data clusters in each of them.</param>
/// <param name="generation">What is in the clusters; from 2 on the image is an overlay.</param>
/// <param name="diskBytes">The disk's size; a multiple of 512 MiB.</param>
/// <param name="stride">How far a table's clusters are apart; 1: next to each other.</param>
internal sealed class ScatteredImage(
    string name, int tables, int perTable, int generation,
    long diskBytes = ScatteredImage.MostDiskBytes, int stride = 1)
    : IByteSource
{
    public const long MostDiskBytes = 64L << 40;
    public const int ClusterBytes = 1 << ClusterBits;

    private const int ClusterBits = 16;
    private const int PerTable = ClusterBytes / 8;
    private const int L1Cluster = 2;
    private const ulong Copied = 1UL << 63;
    private const string Backing = "base.qcow2";

    private readonly int _allTables = (int)(diskBytes / ClusterBytes / PerTable);
    private readonly int _firstCluster = L1Cluster
        + (int)(((diskBytes / PerTable * 8 / ClusterBytes) + ClusterBytes - 1) / ClusterBytes);

    public string Name => name;

    public string Identity => $"{tables}-{perTable}-{generation}-{diskBytes}-{stride}";

    public long LengthBytes =>
        (_firstCluster + ((long)tables * (1 + perTable))) * ClusterBytes;

    /// <summary>The clusters of the disk that hold data.</summary>
    public IEnumerable<long> Clusters()
    {
        for (var i = 0; i < tables; i++)
            for (var k = 0; k < perTable; k++) yield return ClusterOf(i, k);
    }

    /// <summary>What a cluster of the disk holds at a generation.</summary>
    public static void Fill(long cluster, int generation, Span<byte> content)
    {
        // Half of it does not compress, a quarter does, a quarter is zero.
        var state = ((ulong)cluster * 0x9E3779B97F4A7C15) + (ulong)generation;
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(content[..(ClusterBytes / 2)]))
        {
            state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
            state += 0x9E3779B97F4A7C15;
            word = state;
        }
        content.Slice(ClusterBytes / 2, ClusterBytes / 4).Fill((byte)(cluster + generation));
        content[(ClusterBytes * 3 / 4)..].Clear();
    }

    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        var cluster = new byte[ClusterBytes];
        while (!destination.IsEmpty)
        {
            var inCluster = (int)(offset % ClusterBytes);
            var length = Math.Min(destination.Length, ClusterBytes - inCluster);
            Make(offset / ClusterBytes, cluster);
            cluster.AsSpan(inCluster, length).CopyTo(destination.Span);
            destination = destination[length..];
            offset += length;
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default) =>
        ValueTask.FromResult<ByteRange?>(offset < end ? new ByteRange(offset, end) : null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private long TableOf(int i) => (long)i * _allTables / tables;

    /// <summary>Some place within the table's reach, another one for each table.</summary>
    private long ClusterOf(int i, int k) =>
        (TableOf(i) * PerTable) + (TableOf(i) * 7919 % (PerTable - (perTable * stride) + 1))
        + ((long)k * stride);

    private long HostOf(int i) => (_firstCluster + ((long)i * (1 + perTable))) * ClusterBytes;

    private void Make(long host, Span<byte> bytes)
    {
        bytes.Clear();
        if (host == 0) MakeHeader(bytes);
        else if (host >= L1Cluster && host < _firstCluster) MakeL1((int)host - L1Cluster, bytes);
        else if (host >= _firstCluster) MakeGroup(host - _firstCluster, bytes);
    }

    private void MakeHeader(Span<byte> bytes)
    {
        "QFI"u8.CopyTo(bytes);
        bytes[3] = 0xFB;
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], 3);
        BinaryPrimitives.WriteInt32BigEndian(bytes[20..], ClusterBits);
        BinaryPrimitives.WriteInt64BigEndian(bytes[24..], diskBytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[36..], _allTables);
        BinaryPrimitives.WriteInt64BigEndian(bytes[40..], (long)L1Cluster * ClusterBytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[48..], ClusterBytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[56..], 1);
        BinaryPrimitives.WriteInt32BigEndian(bytes[96..], 4);
        BinaryPrimitives.WriteInt32BigEndian(bytes[100..], 112);
        if (generation < 2) return;
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], 120);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], Backing.Length);
        System.Text.Encoding.ASCII.GetBytes(Backing, bytes[120..]);
    }

    private void MakeL1(int cluster, Span<byte> bytes)
    {
        var first = (long)cluster * PerTable;
        var i = (int)Math.Max(0, (first * tables / _allTables) - 1);
        for (; i < tables && TableOf(i) < first + PerTable; i++)
        {
            if (TableOf(i) < first) continue;
            BinaryPrimitives.WriteUInt64BigEndian(
                bytes[(int)((TableOf(i) - first) * 8)..], (ulong)HostOf(i) | Copied);
        }
    }

    private void MakeGroup(long place, Span<byte> bytes)
    {
        var (i, k) = ((int)(place / (1 + perTable)), (int)(place % (1 + perTable)) - 1);
        if (k >= 0)
        {
            Fill(ClusterOf(i, k), generation, bytes);
            return;
        }
        for (k = 0; k < perTable; k++)
            BinaryPrimitives.WriteUInt64BigEndian(
                bytes[(int)(ClusterOf(i, k) % PerTable * 8)..],
                (ulong)(HostOf(i) + ((1 + k) * ClusterBytes)) | Copied);
    }
}
