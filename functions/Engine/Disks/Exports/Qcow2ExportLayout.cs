using System.Buffers;
using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Qcow2;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>A qcow2 image, byte for byte as <see cref="Qcow2Writer"/> writes it.</summary>
internal sealed class Qcow2ExportLayout : ExportLayout
{
    private const int Bits = Qcow2Layout.ClusterBits;
    private const int ClusterBytes = Qcow2Layout.ClusterBytes;
    private const int PerTable = ClusterBytes / 8;
    private const int SectorBytes = 512;
    private readonly BlockSet _clusters;
    private readonly Qcow2Layout _layout;

    /// <summary>The tables that there are: the place of each in the L1 table.</summary>
    private readonly int[] _tables;

    /// <summary>Of each of them, the first cluster of the file that holds its data.</summary>
    private readonly long[] _starts;

    private Qcow2ExportLayout(ExportDisk disk, BlockSet clusters, Qcow2Layout layout, int[] tables)
        : base(disk, layout.SizeBytes)
    {
        (_clusters, _layout, _tables) = (clusters, layout, tables);
        _starts = new long[tables.Length];
        for (var i = 0; i < tables.Length; i++)
            _starts[i] = 1 + i + clusters.Below((long)tables[i] * PerTable);
    }

    /// <inheritdoc />
    public override string Format => ExportFormats.Qcow2;

    /// <inheritdoc />
    public override long LengthBytes => _layout.Clusters << Bits;

    /// <summary>The layout of a disk.</summary>
    public static async ValueTask<IExportLayout> OpenAsync(
        ExportDisk disk, CancellationToken cancellation)
    {
        var clusters = await BlocksAsync(disk, ClusterBytes, cancellation);
        var tables = new List<int>();
        for (var at = clusters.Next(0); at < clusters.Length;)
        {
            tables.Add((int)(at / PerTable));
            at = clusters.Next((tables[^1] + 1L) * PerTable);
        }

        var rounded = (disk.SizeBytes + SectorBytes - 1) / SectorBytes * SectorBytes;
        return new Qcow2ExportLayout(
            disk, clusters, new Qcow2Layout(rounded, clusters.Count, tables.Count), [.. tables]);
    }

    /// <inheritdoc />
    protected override async ValueTask<int> FillAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        var cluster = offset >> Bits;
        var table = cluster == 0 || offset >= _layout.L1Offset ? -1 : TableOf(cluster);
        if (table >= 0 && cluster - _starts[table] is var number && number < DataIn(table))
        {
            var first = _clusters.Below((long)_tables[table] * PerTable);
            var guest = _clusters.At(first + number);
            var inCluster = offset & (ClusterBytes - 1);
            // Neighbours on the disk of one table are neighbours in the file.
            var most = Math.Min(
                DataIn(table) - number, (destination.Length + inCluster + ClusterBytes - 1) >> Bits);
            var run = _clusters.Run(guest, most);
            return await DiskAsync(
                (guest << Bits) + inCluster, Cut(destination, (run << Bits) - inCluster),
                cancellation);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(ClusterBytes);
        try
        {
            var part = buffer.AsSpan(0, ClusterBytes);
            part.Clear();
            WriteCluster(part, cluster, table);
            return Copy(part, cluster << Bits, offset, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int TableOf(long cluster)
    {
        var index = Array.BinarySearch(_starts, cluster);
        return index < 0 ? ~index - 1 : index;
    }

    private long DataIn(int table) =>
        (table + 1 < _starts.Length ? _starts[table + 1] - 1 : TablesEnd - 1) - _starts[table];

    private long TablesEnd => _layout.L1Offset >> Bits;

    private void WriteCluster(Span<byte> part, long cluster, int table)
    {
        if (cluster == 0)
        {
            _layout.WriteHeader(part);
        }
        else if (table >= 0)
        {
            WriteTable(part, table);
        }
        else if (cluster < _layout.RefcountBlocksOffset >> Bits)
        {
            var first = (cluster - TablesEnd) * PerTable;
            var from = Array.BinarySearch(_tables, (int)first);
            for (var i = from < 0 ? ~from : from;
                i < _tables.Length && _tables[i] < first + PerTable; i++)
                Entry(part, _tables[i] - first, _starts[i] + DataIn(i), isUsedOnce: true);
        }
        else if (cluster < _layout.RefcountTableOffset >> Bits)
        {
            _layout.WriteRefcountBlock(part, cluster - (_layout.RefcountBlocksOffset >> Bits));
        }
        else
        {
            var first = (cluster - (_layout.RefcountTableOffset >> Bits)) * PerTable;
            var blocksAt = _layout.RefcountBlocksOffset >> Bits;
            for (var i = first; i < Math.Min(_layout.RefcountBlocks, first + PerTable); i++)
                Entry(part, i - first, blocksAt + i, isUsedOnce: false);
        }
    }

    private void WriteTable(Span<byte> part, int table)
    {
        var first = (long)_tables[table] * PerTable;
        var number = _starts[table];
        for (var i = 0L; i < PerTable && first + i < _clusters.Length; i++)
        {
            if (_clusters.Contains(first + i))
                Entry(part, i, number++, isUsedOnce: true);
        }
    }

    private static void Entry(Span<byte> part, long index, long cluster, bool isUsedOnce) =>
        BinaryPrimitives.WriteInt64BigEndian(
            part[((int)index * 8)..], (cluster << Bits) | (isUsedOnce ? long.MinValue : 0));
}
