using System.Buffers.Binary;

namespace SnapshotFunctions.Engine.Disks.Vhd;

/// <summary>What reading needs of a VHD's footer.</summary>
/// <param name="Kind">Fixed, dynamic or differencing; as found, so any number.</param>
/// <param name="DataOffset">Where the dynamic header lies.</param>
/// <param name="CurrentBytes">The disk's size in bytes.</param>
/// <param name="GeometryBytes">The disk's size by cylinders, heads and sectors.</param>
/// <param name="Creator">The program that made it, four characters.</param>
/// <param name="Version">The format's version.</param>
/// <param name="Id">The image's identifier.</param>
/// <param name="IsFromCopy">Whether it was read from the copy at the file's start.</param>
/// <param name="Offset">Where in the file it was found.</param>
internal sealed record VhdFooter(
    VhdKind Kind, long DataOffset, long CurrentBytes, long GeometryBytes, string Creator,
    uint Version, Guid Id, bool IsFromCopy, long Offset)
{
    /// <summary>The footer's size.</summary>
    public const int LengthBytes = 512;

    /// <summary>The footer's size in files of before 2003, whose last byte is left away.</summary>
    public const int OldLengthBytes = 511;

    /// <summary>Where the checksum lies.</summary>
    public const int ChecksumAt = 64;

    private const long MostGeometrySectors = 65535L * 16 * 255;

    /// <summary>
    /// The disk's size. Virtual PC and early QEMU go by the geometry, all others by the size field;
    /// a geometry at its largest can only be too small.
    /// </summary>
    /// <remarks>
    /// QEMU also goes by the geometry for programs that it does not know. Here they count as
    /// Hyper-V's: some sectors of zeros too many are a smaller harm than a disk's end cut off.
    /// </remarks>
    public long SizeBytes =>
        Creator is "vpc " or "qemu" && GeometryBytes is > 0 and < MostGeometrySectors * 512
            ? GeometryBytes
            : CurrentBytes;

    /// <summary>Whether bytes are a footer with a right checksum; 511 or 512 of them.</summary>
    public static bool IsFooter(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= OldLengthBytes && bytes.StartsWith("conectix"u8)
        && BinaryPrimitives.ReadUInt32BigEndian(bytes[ChecksumAt..]) == Checksum(bytes, ChecksumAt);

    /// <summary>The checksum of a footer or header: all other bytes' sum, inverted.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes, int checksumAt)
    {
        var sum = 0U;
        foreach (var value in bytes[..checksumAt])
            sum += value;
        foreach (var value in bytes[(checksumAt + 4)..])
            sum += value;
        return ~sum;
    }

    /// <summary>Reads the fields of what is known to be a footer.</summary>
    public static VhdFooter Parse(ReadOnlySpan<byte> bytes, long offset, bool isFromCopy) => new(
        (VhdKind)BinaryPrimitives.ReadInt32BigEndian(bytes[60..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[48..]),
        BinaryPrimitives.ReadUInt16BigEndian(bytes[56..]) * (long)bytes[58] * bytes[59] * 512,
        CreatorOf(bytes.Slice(28, 4)),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
        new Guid(bytes.Slice(68, 16), bigEndian: true),
        isFromCopy,
        offset);

    private static string CreatorOf(ReadOnlySpan<byte> bytes)
    {
        Span<char> name = stackalloc char[4];
        for (var i = 0; i < name.Length; i++)
            name[i] = bytes[i] is >= 0x20 and < 0x7F ? (char)bytes[i] : '?';
        return new string(name);
    }
}
