using System.Buffers.Binary;
using System.Numerics;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>CRC-32C, by which an overlay tells what was written whole from what was not.</summary>
internal static class Checksums
{
    /// <summary>The checksum of some bytes; two numbers say what they are and where they belong.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, ulong what = 0, ulong where = 0)
    {
        var state = BitOperations.Crc32C(BitOperations.Crc32C(uint.MaxValue, what), where);
        for (; bytes.Length >= 8; bytes = bytes[8..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes) state = BitOperations.Crc32C(state, value);
        return ~state;
    }
}
