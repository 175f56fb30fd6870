using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>
/// Writes a disk as a stream-optimized VMDK: grains of 64 KiB, each deflated behind its marker, then
/// the table of every 512 of them, at the end the directory and the header that names it. It is
/// written from its first byte to its last and never sought in; where its bytes lie follows from
/// how far they could be compressed, so that no range of it is known before.
/// </summary>
/// <remarks>A disk that does not end on a sector is rounded up to one, with zeros.</remarks>
public sealed class VmdkStreamWriter
{
    private const int Sector = VmdkHeader.SectorBytes;
    private const int Bits = VmdkStreamParts.GrainBits;
    private const int GrainBytes = 1 << Bits;
    private const int Entries = VmdkStreamParts.TableEntries;

    /// <summary>Places count in sectors of 32 bits.</summary>
    private const long MostFileBytes = uint.MaxValue * (long)Sector;

    private readonly Stream _stream;
    private readonly ExportDisk _disk;
    private readonly long _sizeBytes;
    private readonly uint[] _directory;
    private readonly uint[] _table = new uint[Entries];
    private long _tableIndex = -1;
    private long _position;

    private VmdkStreamWriter(Stream stream, ExportDisk disk)
    {
        (_stream, _disk) = (stream, disk);
        _sizeBytes = Math.Max(1, (disk.SizeBytes + Sector - 1) / Sector) * Sector;
        var grains = (_sizeBytes + GrainBytes - 1) >> Bits;
        _directory = new uint[(grains + Entries - 1) / Entries];
    }

    /// <summary>Writes a disk, and leaves the destination open; answers the file's length.</summary>
    /// <exception cref="RefusedException">The file would be longer than the format allows.</exception>
    public static async Task<long> WriteAsync(
        Stream destination, ExportDisk disk, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(disk);
        var writer = new VmdkStreamWriter(destination, disk);
        await writer.WriteAllAsync(cancellation);
        return writer._position;
    }

    private async Task WriteAllAsync(CancellationToken cancellation)
    {
        await AppendAsync(
            VmdkStreamParts.Head(_sizeBytes, ExportIds.VmdkContent(_disk.Node, _disk.SizeBytes)),
            cancellation);
        var grains = await ExportLayout.BlocksAsync(_disk, GrainBytes, cancellation);
        using (var packer = new VmdkGrainPacker())
        {
            for (var grain = grains.Next(0); grain < grains.Length;)
            {
                var table = grain / Entries;
                var most = Math.Min(VmdkGrainPacker.Grains, ((table + 1) * Entries) - grain);
                var count = (int)grains.Run(grain, most);
                if (table != _tableIndex)
                    await EndTableAsync(table, cancellation);
                await WriteGrainsAsync(packer, grain, count, cancellation);
                grain = grains.Next(grain + count);
            }
        }

        await EndTableAsync(-1, cancellation);
        await EndAsync(cancellation);
    }

    private async Task WriteGrainsAsync(
        VmdkGrainPacker packer, long first, int count, CancellationToken cancellation)
    {
        var content = packer.Content(count);
        var onDisk = (int)Math.Min(content.Length, _disk.SizeBytes - (first << Bits));
        await _disk.ReadAsync(first << Bits, content[..onDisk], cancellation);
        content.Span[onDisk..].Clear();
        packer.Pack((first << Bits) / Sector, count);
        for (var i = 0; i < count; i++)
        {
            var packed = packer.Packed(i);
            if (packed.IsEmpty)
                continue;
            _table[(int)((first + i) % Entries)] = Place();
            await AppendAsync(packed, cancellation);
        }
    }

    /// <summary>Writes the table that is at hand, unless it is empty, and begins another one.</summary>
    private async Task EndTableAsync(long next, CancellationToken cancellation)
    {
        if (_tableIndex >= 0 && _table.AsSpan().ContainsAnyExcept(0U))
        {
            _directory[_tableIndex] = Place() + 1;
            await AppendMarkedAsync(_table, 1, cancellation);
            _table.AsSpan().Clear();
        }

        _tableIndex = next;
    }

    private async Task EndAsync(CancellationToken cancellation)
    {
        var directory = _position + Sector;
        await AppendMarkedAsync(_directory, 2, cancellation);
        var end = new byte[3 * Sector];
        VmdkStreamParts.Marker(end, 1, 3);
        VmdkStreamParts.Header(end.AsSpan(Sector), _sizeBytes, directory);
        await AppendAsync(end, cancellation);
    }

    private async Task AppendMarkedAsync(
        uint[] entries, uint type, CancellationToken cancellation)
    {
        var sectors = ((entries.Length * 4L) + Sector - 1) / Sector;
        var bytes = new byte[(1 + sectors) * Sector];
        VmdkStreamParts.Marker(bytes, sectors, type);
        var at = Sector;
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), entry);
            at += 4;
        }

        await AppendAsync(bytes, cancellation);
    }

    private uint Place() => _position < MostFileBytes
        ? (uint)(_position / Sector)
        : throw new RefusedException(
            "format-size",
            $"A VMDK has at most {MostFileBytes} bytes, and the disk needs more, compressed as it is.");

    private async ValueTask AppendAsync(
        ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _stream.WriteAsync(bytes, cancellation);
        _position += bytes.Length;
    }
}
