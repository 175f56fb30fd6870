using System.Security.Cryptography;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Model;

public sealed class Hash256Tests
{
    [Fact]
    public void Bytes_and_text_come_back_and_equality_sees_every_byte()
    {
        var random = new Random(31);
        var bytes = new byte[32];
        for (var n = 0; n < 200; n++)
        {
            random.NextBytes(bytes);
            var hash = new Hash256(bytes);
            Assert.Equal(bytes, hash.ToArray());
            Assert.Equal(Convert.ToHexStringLower(bytes), hash.ToString());
            Assert.True(hash == Hash256.Parse(hash.ToString().ToUpperInvariant()));
            Assert.Equal(hash.GetHashCode(), new Hash256(bytes).GetHashCode());
            for (var i = 0; i < 32; i++)
            {
                bytes[i] ^= 1;
                Assert.True(hash != new Hash256(bytes));
                Assert.False(hash.Equals((object)new Hash256(bytes)));
                bytes[i] ^= 1;
            }
        }
    }

    [Fact]
    public void Only_the_value_of_zeros_is_zero()
    {
        Assert.True(Hash256.Zero.IsZero && new Hash256(new byte[32]).IsZero);
        for (var i = 0; i < 32; i++)
        {
            var bytes = new byte[32];
            bytes[i] = 1;
            Assert.False(new Hash256(bytes).IsZero);
        }
    }

    [Fact]
    public void It_is_sha_256() =>
        Assert.Equal(SHA256.HashData("abc"u8), Hash256.Of("abc"u8).ToArray());

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000ff")]
    public void Text_that_is_no_hash_is_refused(string text) =>
        Assert.Throws<FormatException>(() => Hash256.Parse(text));
}
