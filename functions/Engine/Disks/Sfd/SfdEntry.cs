using System.Buffers.Binary;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Sfd;

/// <summary>A range of a changed-block file, as its table has it.</summary>
/// <param name="Range">Where on the disk.</param>
/// <param name="Place">Where its bytes lie in the file; of zeros, where they would.</param>
/// <param name="IsZero">Whether it is zeros, which the file does not hold.</param>
/// <param name="Hash">The hash of its bytes; of zeros, zero.</param>
internal readonly record struct SfdEntry(ByteRange Range, long Place, bool IsZero, Hash256 Hash)
{
    /// <summary>The bytes of an entry.</summary>
    public const int LengthBytes = 64;

    /// <summary>
    /// The longest range whose bytes the file holds: whoever wants a part of it reads all of it.
    /// </summary>
    public const int MostDataBytes = 1 << 20;

    /// <summary>Where in an entry its hash is.</summary>
    public const int HashAt = 32;

    /// <summary>The kind of a range whose bytes the file holds.</summary>
    public const long Data = 1;

    /// <summary>The kind of a range of zeros.</summary>
    public const long Zeros = 2;

    /// <summary>Where in the file the next range's bytes may begin.</summary>
    public long PlaceEnd => IsZero ? Place : Place + Range.Length;

    /// <summary>Writes the entry.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Range.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Range.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Place);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], IsZero ? Zeros : Data);
        Hash.CopyTo(bytes[HashAt..]);
    }
}
