using SnapshotFunctions.AzureStore;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>The checksum that requests carry.</summary>
public sealed class StorageCrc64Tests
{
    [Fact]
    public void The_check_value_of_the_published_catalogue_is_met() =>
        Assert.Equal(0xAE8B14860A799888, StorageCrc64.Compute("123456789"u8));

    [Fact]
    public void Every_length_agrees_with_the_definition_a_bit_at_a_time()
    {
        const int Seed = 64;
        var bytes = new byte[40];
        new Random(Seed).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var some = bytes.AsSpan(0, length);
            Assert.Equal(BitByBit(some), StorageCrc64.Compute(some));
        }
    }

    private static ulong BitByBit(ReadOnlySpan<byte> bytes)
    {
        var crc = ulong.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x9A6C9329AC4BC9B5;
        }

        return ~crc;
    }
}
