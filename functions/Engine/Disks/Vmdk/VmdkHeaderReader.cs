using System.Buffers.Binary;
using System.Numerics;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>
/// Reads the header of a sparse extent and refuses, by name, what cannot be read safely. A stream
/// whose writer did not know yet where its directory would lie has a second header at its end.
/// </summary>
/// <param name="source">The extent's file.</param>
/// <param name="faults">Words the refusals.</param>
internal sealed class VmdkHeaderReader(IByteSource source, ImageFaults faults)
{
    private const int Sector = VmdkHeader.SectorBytes;
    private const uint ChecksNewLines = 1;
    private const uint HasZeroGrains = 1 << 2;
    private const uint IsCompressed = 1 << 16;
    private const uint HasMarkers = 1 << 17;
    private const uint KnownFlags = 7 | IsCompressed | HasMarkers;
    private const uint FooterMarker = 3;
    private const int FooterBytes = 3 * Sector;
    private const ulong AtEnd = ulong.MaxValue;
    private const long MostGrainSectors = 4096;
    private const int MostEntries = 4096;
    private const int EsxEntries = 4096;

    /// <summary>The header that counts, once it was checked.</summary>
    /// <exception cref="InvalidImageException">There is none, or it is refused.</exception>
    public async ValueTask<VmdkHeader> ReadAsync(CancellationToken cancellation)
    {
        if (source.LengthBytes < VmdkHeader.LengthBytes)
            throw faults.Truncated("a header", 0, VmdkHeader.LengthBytes, source.LengthBytes);
        var bytes = new byte[FooterBytes];
        var header = bytes.AsMemory(0, VmdkHeader.LengthBytes);
        await source.ReadAsync(0, header, cancellation);
        if (header.Span.StartsWith("COWD"u8))
            return Checked(Esx(header.Span), 0);
        if (!header.Span.StartsWith("KDMV"u8))
            throw faults.Header("the mark 'KDMV' or 'COWD' of a sparse extent", "another", 0);
        if (U64(header.Span, 56) != AtEnd)
            return Checked(Hosted(header.Span, 0), 0);
        if (source.LengthBytes < VmdkHeader.LengthBytes + FooterBytes)
            throw faults.Truncated("a footer", 0, FooterBytes, source.LengthBytes);
        var at = source.LengthBytes - FooterBytes;
        await source.ReadAsync(at, bytes, cancellation);
        CheckFooter(bytes, at);
        return Checked(Hosted(bytes.AsSpan(Sector, Sector), at + Sector), at + Sector);
    }

    private void CheckFooter(ReadOnlySpan<byte> footer, long at)
    {
        if (U32(footer, 8) != 0 || U32(footer, 12) != FooterMarker
            || !footer[Sector..].StartsWith("KDMV"u8))
            throw faults.Header(
                "a footer at the stream's end, where its directory is told",
                "none: the stream was cut, or more follows it", at);
        if (U64(footer, 2 * Sector) != 0 || U32(footer, (2 * Sector) + 8) != 0
            || U32(footer, (2 * Sector) + 12) != 0)
            throw faults.Header("a mark of the stream's end", "another", at + (2 * Sector));
        if (U64(footer, Sector + 56) == AtEnd)
            throw faults.Header("a directory's place in the footer", "none", at + Sector + 56);
    }

    private VmdkHeader Hosted(ReadOnlySpan<byte> header, long at)
    {
        if (U32(header, 4) is 0 or > 3)
            throw faults.Unsupported(
                "VMDK version 1 to 3", $"version {U32(header, 4)}", "Convert it to qcow2.");
        var flags = U32(header, 8);
        if ((flags & ~KnownFlags) != 0)
            throw faults.Unsupported(
                "a VMDK with known features", $"flags 0x{flags:x8}", "Convert it to qcow2.");
        if ((flags & ChecksNewLines) != 0 && !header[73..].StartsWith("\n \r\n"u8))
            throw faults.Header(
                "line ends as they were written",
                "changed ones: the file was transferred as text", at + 73);
        var compression = BinaryPrimitives.ReadUInt16LittleEndian(header[77..]);
        var compressed = (flags & IsCompressed) != 0;
        if (compression > 1 || compressed != (compression == 1))
            throw faults.Unsupported(
                "grains as they are, or compressed by deflate",
                $"compression {compression} and flags 0x{flags:x8}", "Convert it to qcow2.");
        if (compressed && (flags & HasMarkers) == 0)
            throw faults.Unsupported(
                "a marker before each compressed grain", "no markers", "Convert it to qcow2.");
        var entries = U32(header, 44);
        if (entries is 0 or > MostEntries)
            throw faults.Header(
                $"grain tables of 1 to {MostEntries} entries", $"{entries}", at + 44);
        return new VmdkHeader(
            Bytes(U64(header, 12), "a size", at + 12), GrainBits(U64(header, 20), at + 20),
            (int)entries, Bytes(U64(header, 56), "a grain directory's place", at + 56),
            Descriptor(header, at), compressed, (flags & HasZeroGrains) != 0, header[72] != 0);
    }

    /// <summary>The header of ESX's own sparse extents: deltas of its virtual machines.</summary>
    private VmdkHeader Esx(ReadOnlySpan<byte> header)
    {
        if (U32(header, 4) != 1)
            throw faults.Unsupported(
                "an ESX sparse extent of version 1", $"version {U32(header, 4)}",
                "Convert it to qcow2.");
        return new VmdkHeader(
            U32(header, 12) * (long)Sector, GrainBits(U32(header, 16), 16), EsxEntries,
            U32(header, 20) * (long)Sector, default, false, false, false);
    }

    private ByteRange Descriptor(ReadOnlySpan<byte> header, long at)
    {
        var place = Bytes(U64(header, 28), "a descriptor's place", at + 28);
        var length = Bytes(U64(header, 36), "a descriptor's length", at + 36);
        if (place == 0)
            return default;
        if (length is 0 or > VmdkDescriptor.MostBytes)
            throw faults.Header(
                $"a descriptor of at most {VmdkDescriptor.MostBytes} bytes", $"{length}", at + 36);
        return place <= source.LengthBytes - length
            ? new ByteRange(place, place + length)
            : throw faults.Truncated("a descriptor", place, length, source.LengthBytes);
    }

    private VmdkHeader Checked(VmdkHeader header, long at)
    {
        if (header.SizeBytes > ImageLimits.DiskBytes)
            throw faults.Refused(
                "too-large", $"a disk of at most {ImageLimits.DiskBytes} bytes",
                $"{header.SizeBytes} bytes", "Split the disk.");
        if (header.SizeBytes == 0)
            throw faults.Header("a disk of one sector at least", "an empty one", at + 12);
        if (header.DirectoryOffset < VmdkHeader.LengthBytes)
            throw faults.Header(
                "a grain directory behind the header", $"byte {header.DirectoryOffset}", at + 56);
        return header.DirectoryOffset <= source.LengthBytes - (header.Tables * 4)
            ? header
            : throw faults.Truncated(
                "a grain directory", header.DirectoryOffset, header.Tables * 4,
                source.LengthBytes);
    }

    private int GrainBits(ulong sectors, long at) =>
        BitOperations.IsPow2(sectors) && sectors <= MostGrainSectors
            ? BitOperations.Log2(sectors * Sector)
            : throw faults.Header(
                $"grains of a power of two from 1 to {MostGrainSectors} sectors",
                $"{sectors} sectors", at);

    private long Bytes(ulong sectors, string what, long at) =>
        sectors <= long.MaxValue / Sector
            ? (long)sectors * Sector
            : throw faults.Header($"{what} in sectors", $"{sectors}", at);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
