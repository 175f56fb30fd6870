using System.Buffers.Binary;
using System.Numerics;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>The checksum of VHDX: CRC-32C over a structure whose own checksum counts as zero.</summary>
internal static class Crc32C
{
    private const int ChecksumAt = 4;

    /// <summary>The state before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>The checksum of a structure that is all in memory.</summary>
    public static uint Of(ReadOnlySpan<byte> structure) =>
        End(Add(Add(Add(Start, structure[..ChecksumAt]), [0, 0, 0, 0]), structure[8..]));

    /// <summary>The checksum that a structure says it has.</summary>
    public static uint Stored(ReadOnlySpan<byte> structure) =>
        BinaryPrimitives.ReadUInt32LittleEndian(structure[ChecksumAt..]);

    /// <summary>Whether a structure has the checksum that it says.</summary>
    public static bool IsRight(ReadOnlySpan<byte> structure) => Of(structure) == Stored(structure);

    /// <summary>Writes a structure's checksum into it.</summary>
    public static void Seal(Span<byte> structure) =>
        BinaryPrimitives.WriteUInt32LittleEndian(structure[ChecksumAt..], Of(structure));

    /// <summary>The state after more bytes.</summary>
    public static uint Add(uint state, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            state = BitOperations.Crc32C(state, value);
        return state;
    }

    /// <summary>The checksum of all that was added.</summary>
    public static uint End(uint state) => ~state;
}
