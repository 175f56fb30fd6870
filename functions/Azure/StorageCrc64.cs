using System.Buffers.Binary;

namespace SnapshotFunctions.AzureStore;

/// <summary>
/// The CRC-64 that Azure Storage checks what it is sent with (known elsewhere as CRC-64/NVME).
/// The SDK computes it only inside a framed body that emulators do not know; sent as a header,
/// both the service and Azurite check it. Eight bytes a step, by tables.
/// </summary>
internal static class StorageCrc64
{
    /// <summary>The length of a checksum.</summary>
    public const int LengthBytes = sizeof(ulong);

    private const ulong ReflectedPolynomial = 0x9A6C9329AC4BC9B5;
    private const int Values = 256;
    private const int BitsPerByte = 8;

    private static readonly ulong[] Tables = MakeTables();

    /// <summary>The checksum, in the order of bytes that the service expects.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> content)
    {
        var hash = new byte[LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(hash, Compute(content));
        return hash;
    }

    /// <summary>The checksum as a number.</summary>
    public static ulong Compute(ReadOnlySpan<byte> content)
    {
        var tables = Tables.AsSpan(0, LengthBytes * Values);
        var crc = ulong.MaxValue;
        for (; content.Length >= LengthBytes; content = content[LengthBytes..])
        {
            var mixed = crc ^ BinaryPrimitives.ReadUInt64LittleEndian(content);
            crc = tables[(7 * Values) + (byte)mixed]
                ^ tables[(6 * Values) + (byte)(mixed >> 8)]
                ^ tables[(5 * Values) + (byte)(mixed >> 16)]
                ^ tables[(4 * Values) + (byte)(mixed >> 24)]
                ^ tables[(3 * Values) + (byte)(mixed >> 32)]
                ^ tables[(2 * Values) + (byte)(mixed >> 40)]
                ^ tables[Values + (byte)(mixed >> 48)]
                ^ tables[(byte)(mixed >> 56)];
        }

        foreach (var value in content)
            crc = tables[(byte)(crc ^ value)] ^ (crc >> BitsPerByte);
        return ~crc;
    }

    /// <summary>Table n tells what a byte comes to after n more zero bytes.</summary>
    private static ulong[] MakeTables()
    {
        var tables = new ulong[LengthBytes * Values];
        for (var value = 0; value < Values; value++)
        {
            var crc = (ulong)value;
            for (var bit = 0; bit < BitsPerByte; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * ReflectedPolynomial);
            tables[value] = crc;
        }

        for (var i = Values; i < tables.Length; i++)
        {
            var before = tables[i - Values];
            tables[i] = tables[(byte)before] ^ (before >> BitsPerByte);
        }

        return tables;
    }
}
