using System.Buffers.Binary;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>The header that counts: the valid one of the higher sequence number.</summary>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="DataId">Changes with every change of the disk; what a child remembers.</param>
/// <param name="LogId">The log's identifier; empty when there is nothing to replay.</param>
/// <param name="LogOffset">Where the log lies.</param>
/// <param name="LogBytes">How long it is.</param>
internal sealed record VhdxHeader(
    ulong Sequence, Guid DataId, Guid LogId, long LogOffset, long LogBytes)
{
    /// <summary>A header's size.</summary>
    public const int LengthBytes = 4096;

    /// <summary>Where the first header lies.</summary>
    public const int FirstOffset = 64 << 10;

    /// <summary>Where the second header lies.</summary>
    public const int SecondOffset = 128 << 10;

    /// <summary>The unit in which regions, blocks and the log are laid out.</summary>
    public const long AlignmentBytes = 1 << 20;

    /// <summary>Chooses between the two headers and checks what the chosen one says.</summary>
    /// <exception cref="Model.InvalidImageException">Neither is right, or it is refused.</exception>
    public static VhdxHeader Choose(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, long fileBytes, ImageFaults faults)
    {
        var (one, other) = (IsRight(first), IsRight(second));
        if (!one && !other)
            throw faults.Header(
                "one header at least with its mark and a right checksum", "none", FirstOffset);
        if (one && other && SequenceOf(first) == SequenceOf(second)
            && !first.SequenceEqual(second))
            throw faults.Header(
                "two headers that are equal or tell which is newer",
                $"two of sequence {SequenceOf(first)}", FirstOffset);
        var useFirst = one && (!other || SequenceOf(first) >= SequenceOf(second));
        return Parse(
            useFirst ? first : second, useFirst ? FirstOffset : SecondOffset, fileBytes, faults);
    }

    private static bool IsRight(ReadOnlySpan<byte> header) =>
        header.StartsWith("head"u8) && Crc32C.IsRight(header);

    private static ulong SequenceOf(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);

    private static VhdxHeader Parse(
        ReadOnlySpan<byte> header, long at, long fileBytes, ImageFaults faults)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[66..]) is not 1 and var version)
            throw faults.Unsupported(
                "VHDX version 1", $"version {version}", "Convert it to VHDX version 1.");
        var parsed = new VhdxHeader(
            SequenceOf(header), new Guid(header.Slice(32, 16)), new Guid(header.Slice(48, 16)),
            BinaryPrimitives.ReadInt64LittleEndian(header[72..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[68..]));
        if (parsed.LogId == Guid.Empty)
            return parsed;
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[64..]) is not 0 and var logVersion)
            throw faults.Unsupported(
                "a log of version 0", $"version {logVersion}",
                "Attach and detach the disk once, so that its log is replayed.");
        if (parsed.LogOffset < AlignmentBytes || parsed.LogBytes == 0
            || parsed.LogOffset % AlignmentBytes != 0 || parsed.LogBytes % AlignmentBytes != 0)
            throw faults.Header(
                "a log of whole MiB behind the headers",
                $"{parsed.LogBytes} bytes at {(ulong)parsed.LogOffset}", at + 68);
        return parsed.LogOffset <= fileBytes - parsed.LogBytes
            ? parsed
            : throw faults.Truncated("a log", parsed.LogOffset, parsed.LogBytes, fileBytes);
    }
}
