using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>Reads the metadata region; unknown items that are required are refused by name.</summary>
/// <param name="source">The file, with its log laid over it.</param>
/// <param name="region">Where the metadata lies.</param>
/// <param name="faults">Words the refusals.</param>
internal sealed class MetadataReader(IByteSource source, ByteRange region, ImageFaults faults)
{
    private const int TableBytes = 64 << 10;
    private const int EntryBytes = 32;
    private const int MostEntries = 2047;
    private const uint RequiredFlag = 4;
    private const uint UserFlag = 1;
    private readonly Dictionary<Guid, (long Offset, uint Length)> _items = [];

    /// <summary>The checked metadata.</summary>
    /// <exception cref="InvalidImageException">It is damaged or refused.</exception>
    public async ValueTask<VhdxMetadata> ReadAsync(CancellationToken cancellation)
    {
        await ReadTableAsync(cancellation);
        var file = await ItemAsync(VhdxIds.FileParameters, "file parameters", 8, cancellation);
        var size = await ItemAsync(VhdxIds.DiskSize, "virtual disk size", 8, cancellation);
        var logical = await ItemAsync(
            VhdxIds.LogicalSector, "logical sector size", 4, cancellation);
        var physical = await ItemAsync(
            VhdxIds.PhysicalSector, "physical sector size", 4, cancellation);
        var id = await ItemAsync(VhdxIds.DiskId, "virtual disk identifier", 16, cancellation);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4));
        var metadata = new VhdxMetadata(
            BinaryPrimitives.ReadInt64LittleEndian(size),
            BlockBits(BinaryPrimitives.ReadUInt32LittleEndian(file)),
            Sector("logical", BinaryPrimitives.ReadUInt32LittleEndian(logical)),
            Sector("physical", BinaryPrimitives.ReadUInt32LittleEndian(physical)),
            (flags & 2) != 0, (flags & 1) != 0, new Guid(id), [], null);
        CheckSize(metadata);
        if ((flags & ~3U) != 0)
            throw faults.Unsupported(
                "file parameters without unknown flags", $"0x{flags:x}",
                "Convert it with the program that made it.");
        return metadata.HasParent ? await WithParentAsync(metadata, cancellation) : metadata;
    }

    private async ValueTask ReadTableAsync(CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(TableBytes);
        try
        {
            await source.ReadAsync(region.Offset, buffer.AsMemory(0, TableBytes), cancellation);
            Parse(buffer.AsSpan(0, TableBytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Parse(ReadOnlySpan<byte> table)
    {
        if (!table.StartsWith("metadata"u8))
            throw faults.Header("the mark 'metadata'", "another", region.Offset);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(table[10..]);
        if (count > MostEntries)
            throw faults.Header(
                $"at most {MostEntries} metadata items", $"{count}", region.Offset + 10);
        for (var i = 1; i <= count; i++)
        {
            var entry = table.Slice(i * EntryBytes, EntryBytes);
            var id = new Guid(entry[..16]);
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
            var flags = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]);
            var at = region.Offset + (i * EntryBytes);
            var isKnown = (flags & UserFlag) == 0 && IsKnown(id);
            if (!isKnown && (flags & RequiredFlag) != 0)
                throw faults.Unsupported(
                    "a VHDX of known required metadata", $"the required item {id:D}",
                    "Convert it with the program that made it.");
            if (!isKnown)
                continue;
            if (offset < TableBytes || offset > region.Length - length)
                throw faults.Table(
                    "a metadata item within its region", $"{length} bytes at {offset}", at);
            if (!_items.TryAdd(id, (region.Offset + offset, length)))
                throw faults.Table("each metadata item once", $"{id:D} twice", at);
        }
    }

    private static bool IsKnown(Guid id) =>
        id == VhdxIds.FileParameters || id == VhdxIds.DiskSize || id == VhdxIds.DiskId
        || id == VhdxIds.LogicalSector || id == VhdxIds.PhysicalSector
        || id == VhdxIds.ParentLocator;

    private async ValueTask<byte[]> ItemAsync(
        Guid id, string name, int lengthBytes, CancellationToken cancellation)
    {
        if (!_items.TryGetValue(id, out var item))
            throw faults.Header($"the metadata item '{name}'", "none", region.Offset);
        if (item.Length < lengthBytes)
            throw faults.Header(
                $"a metadata item '{name}' of {lengthBytes} bytes", $"{item.Length}", item.Offset);
        var bytes = new byte[lengthBytes];
        await source.ReadAsync(item.Offset, bytes, cancellation);
        return bytes;
    }

    private int BlockBits(uint blockBytes) =>
        BitOperations.IsPow2(blockBytes) && blockBytes is >= 1 << 20 and <= 256 << 20
            ? BitOperations.Log2(blockBytes)
            : throw faults.Header(
                "a block size that is a power of two from 1 MiB to 256 MiB", $"{blockBytes}",
                region.Offset);

    private int Sector(string which, uint bytes) =>
        bytes is 512 or 4096
            ? (int)bytes
            : throw faults.Header(
                $"{which} sectors of 512 or 4096 bytes", $"{bytes}", region.Offset);

    private void CheckSize(VhdxMetadata metadata)
    {
        if (metadata.SizeBytes is < 0 or > ImageLimits.DiskBytes)
            throw faults.Refused(
                "too-large", $"a disk of at most {ImageLimits.DiskBytes} bytes",
                $"{(ulong)metadata.SizeBytes} bytes", "Split the disk.");
        if (metadata.SizeBytes == 0 || metadata.SizeBytes % metadata.SectorBytes != 0)
            throw faults.Header(
                $"a disk of whole sectors of {metadata.SectorBytes} bytes",
                $"{metadata.SizeBytes} bytes", region.Offset);
    }

    private async ValueTask<VhdxMetadata> WithParentAsync(
        VhdxMetadata metadata, CancellationToken cancellation)
    {
        if (!_items.TryGetValue(VhdxIds.ParentLocator, out var item))
            throw faults.Header(
                "the metadata item 'parent locator' of a disk with a parent", "none",
                region.Offset);
        var locator = await ParentLocator.ReadAsync(
            source, new ByteRange(item.Offset, item.Offset + item.Length), faults, cancellation);
        return metadata with { ParentIds = locator.Ids, ParentName = locator.Name };
    }
}
