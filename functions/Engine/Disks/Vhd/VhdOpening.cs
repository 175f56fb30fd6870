using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vhd;

/// <summary>
/// Reads a VHD's footer and header and refuses, by name, what cannot be read safely. The footer at
/// the file's end counts; a dynamic one whose end is damaged is read by the copy at its start.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="faults">Words the refusals.</param>
internal sealed class VhdOpening(IByteSource source, ImageFaults faults)
{
    private const uint Version1 = 0x0001_0000;
    private const int ChecksumAt = 36;
    private const int NameAt = 64;
    private const int NameBytes = 512;
    private const int LocatorsAt = 576;
    private const int LocatorBytes = 24;
    private const int Locators = 8;
    private const int MostLocatorBytes = 2048;
    private const int LeastBlockBits = 9;
    private const int MostBlockBits = 28;

    /// <summary>The footer that counts, once it was checked.</summary>
    /// <exception cref="Model.InvalidImageException">There is none, or it is refused.</exception>
    public async ValueTask<VhdFooter> FooterAsync(CancellationToken cancellation)
    {
        var footer = await FindAsync(cancellation)
            ?? throw faults.Header(
                "a VHD footer with a right checksum at the file's end, or its copy at the start",
                "none");
        if (footer.Version != Version1)
            throw faults.Unsupported(
                "VHD version 1.0", $"version 0x{footer.Version:x8}", "Convert it to VHDX.");
        if (!Enum.IsDefined(footer.Kind))
            throw faults.Unsupported(
                "a fixed, dynamic or differencing VHD", $"disk type {(int)footer.Kind}",
                "Convert it to a dynamic VHD.");
        if (footer.CurrentBytes is < 0 or > ImageLimits.DiskBytes
            || footer.SizeBytes > ImageLimits.DiskBytes)
            throw faults.Refused(
                "too-large", $"a disk of at most {ImageLimits.DiskBytes} bytes",
                $"{(ulong)footer.CurrentBytes} bytes", "Split the disk.");
        if (footer.SizeBytes == 0 || footer.SizeBytes % 512 != 0)
            throw faults.Header(
                "a disk of whole sectors", $"{footer.SizeBytes} bytes", footer.Offset + 48);
        if (footer.Kind == VhdKind.Fixed)
            CheckFixed(footer);
        return footer;
    }

    /// <summary>The header of a dynamic or differencing VHD.</summary>
    /// <exception cref="Model.InvalidImageException">It is damaged or refused.</exception>
    public async ValueTask<VhdHeader> HeaderAsync(
        VhdFooter footer, CancellationToken cancellation)
    {
        var at = footer.DataOffset;
        if (at < VhdFooter.LengthBytes || at > source.LengthBytes - VhdHeader.LengthBytes)
            throw faults.Truncated(
                "a dynamic header", at, VhdHeader.LengthBytes, source.LengthBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(VhdHeader.LengthBytes);
        try
        {
            var header = buffer.AsMemory(0, VhdHeader.LengthBytes);
            await source.ReadAsync(at, header, cancellation);
            var parsed = Parse(header.Span, footer);
            return footer.Kind == VhdKind.Differencing && parsed.ParentName is null
                ? parsed with { ParentName = await LocatedNameAsync(header, cancellation) }
                : parsed;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<VhdFooter?> FindAsync(CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(VhdFooter.LengthBytes);
        try
        {
            var length = source.LengthBytes;
            foreach (var lengthBytes in new[] { VhdFooter.LengthBytes, VhdFooter.OldLengthBytes })
            {
                var tail = buffer.AsMemory(0, lengthBytes);
                if (length < lengthBytes)
                    continue;
                await source.ReadAsync(length - lengthBytes, tail, cancellation);
                if (VhdFooter.IsFooter(tail.Span))
                    return VhdFooter.Parse(tail.Span, length - lengthBytes, isFromCopy: false);
            }

            var head = buffer.AsMemory(0, VhdFooter.LengthBytes);
            if (length < head.Length)
                return null;
            await source.ReadAsync(0, head, cancellation);
            return VhdFooter.IsFooter(head.Span)
                ? VhdFooter.Parse(head.Span, 0, isFromCopy: true)
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// The disk must end where the footer begins. One that does not was cut, or written into
    /// without its footer: which of the two sizes is meant cannot be told.
    /// </summary>
    private void CheckFixed(VhdFooter footer)
    {
        if (footer.IsFromCopy)
            throw faults.Truncated(
                "a fixed disk and its footer", 0,
                footer.CurrentBytes + VhdFooter.LengthBytes, source.LengthBytes);
        if (footer.CurrentBytes > footer.Offset || footer.SizeBytes > footer.Offset)
            throw faults.Truncated(
                "a fixed disk and its footer", 0,
                Math.Max(footer.CurrentBytes, footer.SizeBytes) + VhdFooter.LengthBytes,
                source.LengthBytes);
        if (footer.CurrentBytes < footer.Offset)
            throw faults.Refused(
                "stale-footer", $"a footer behind the disk's {footer.CurrentBytes} bytes",
                $"one at byte {footer.Offset}",
                "If the file is a raw disk, name it .raw; else write the footer anew.");
    }

    private VhdHeader Parse(ReadOnlySpan<byte> header, VhdFooter footer)
    {
        var at = footer.DataOffset;
        if (!header.StartsWith("cxsparse"u8))
            throw faults.Header("the mark 'cxsparse' of a dynamic header", "another", at);
        if (BinaryPrimitives.ReadUInt32BigEndian(header[ChecksumAt..]) is var checksum
            && checksum != VhdFooter.Checksum(header, ChecksumAt))
            throw faults.Header(
                $"the checksum 0x{VhdFooter.Checksum(header, ChecksumAt):x8} of the dynamic header",
                $"0x{checksum:x8}", at + ChecksumAt);
        if (BinaryPrimitives.ReadUInt32BigEndian(header[24..]) is not Version1 and var version)
            throw faults.Unsupported(
                "a dynamic header of version 1.0", $"version 0x{version:x8}",
                "Convert it to VHDX.");
        var blockBytes = BinaryPrimitives.ReadUInt32BigEndian(header[32..]);
        if (!BitOperations.IsPow2(blockBytes)
            || blockBytes is < 1U << LeastBlockBits or > 1U << MostBlockBits)
            throw faults.Header(
                "a block size that is a power of two from 512 bytes to 256 MiB", $"{blockBytes}",
                at + 32);
        var blockBits = BitOperations.Log2(blockBytes);
        var needed = (footer.SizeBytes + blockBytes - 1) >> blockBits;
        var entries = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        if (entries < needed)
            throw faults.Header(
                $"a block allocation table of at least {needed} entries", $"{entries}", at + 28);
        var table = BinaryPrimitives.ReadInt64BigEndian(header[16..]);
        if (table < VhdFooter.LengthBytes || table % 512 != 0)
            throw faults.Header(
                "a block allocation table at a sector's start", $"{(ulong)table}", at + 16);
        if (table > source.LengthBytes - (needed * 4))
            throw faults.Truncated(
                "a block allocation table", table, needed * 4, source.LengthBytes);
        return new VhdHeader(
            table, blockBits, new Guid(header.Slice(40, 16), bigEndian: true),
            BinaryPrimitives.ReadUInt32BigEndian(header[56..]),
            NameOf(header.Slice(NameAt, NameBytes), Encoding.BigEndianUnicode));
    }

    /// <summary>
    /// The parent's path as a locator has it, for files that leave the name itself away. Only the
    /// text is read; nothing is ever opened by it.
    /// </summary>
    private async ValueTask<string?> LocatedNameAsync(
        ReadOnlyMemory<byte> header, CancellationToken cancellation)
    {
        for (var i = 0; i < Locators; i++)
        {
            var entry = header.Slice(LocatorsAt + (i * LocatorBytes), LocatorBytes);
            var length = BinaryPrimitives.ReadUInt32BigEndian(entry.Span[8..]);
            var at = BinaryPrimitives.ReadInt64BigEndian(entry.Span[16..]);
            if (!entry.Span.StartsWith("W2ku"u8) && !entry.Span.StartsWith("W2ru"u8))
                continue;
            if (length is 0 or > MostLocatorBytes || at < 0 || at > source.LengthBytes - length)
                throw faults.Header(
                    $"a parent locator of at most {MostLocatorBytes} bytes within the file",
                    $"{length} bytes at {(ulong)at}");
            var text = new byte[length];
            await source.ReadAsync(at, text, cancellation);
            if (NameOf(text, Encoding.Unicode) is { } name)
                return name;
        }

        return null;
    }

    private static string? NameOf(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        var text = encoding.GetString(bytes[..(bytes.Length & ~1)]);
        var end = text.IndexOf('\0', StringComparison.Ordinal);
        text = end < 0 ? text : text[..end];
        return text.Length == 0 ? null : text;
    }
}
