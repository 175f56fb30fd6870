using System.Buffers.Binary;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>One request as it came.</summary>
/// <param name="Flags">Its flags.</param>
/// <param name="Command">What is asked.</param>
/// <param name="Cookie">What the answer repeats.</param>
/// <param name="Offset">The first byte of its range.</param>
/// <param name="LengthBytes">The length of its range.</param>
internal readonly record struct NbdRequest(
    NbdCommandFlags Flags, NbdCommand Command, ulong Cookie, ulong Offset, uint LengthBytes)
{
    /// <summary>Reads a request; null when it does not begin with the magic number.</summary>
    public static NbdRequest? Read(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt32BigEndian(header) != NbdWire.RequestMagic ? null
        : new NbdRequest(
            (NbdCommandFlags)BinaryPrimitives.ReadUInt16BigEndian(header[4..]),
            (NbdCommand)BinaryPrimitives.ReadUInt16BigEndian(header[6..]),
            BinaryPrimitives.ReadUInt64BigEndian(header[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(header[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(header[24..]));

    /// <summary>Whether a flag is set.</summary>
    public bool Has(NbdCommandFlags flag) => (Flags & flag) != NbdCommandFlags.None;

    /// <summary>Whether the range lies within a disk of this size.</summary>
    public bool FitsIn(long sizeBytes) =>
        Offset <= (ulong)sizeBytes && LengthBytes <= (ulong)sizeBytes - Offset;
}
