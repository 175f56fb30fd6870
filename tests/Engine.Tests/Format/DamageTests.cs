using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Format;

public sealed class DamageTests
{
    [Theory]
    [InlineData("footer")]
    [InlineData("delta")]
    [InlineData("merged")]
    public void Every_change_of_one_byte_is_detected(string name)
    {
        var structure = Structure.All[name];
        var stored = structure.Make(new Random(7));
        for (var at = 0; at < stored.Length; at++)
        {
            for (var change = 1; change < 256; change = (change * 2) + 1)
            {
                stored[at] ^= (byte)change;
                Assert.Throws<CorruptObjectException>(() => structure.Decode(stored));
                stored[at] ^= (byte)change;
            }
        }
        structure.Decode(stored);
    }

    [Theory]
    [InlineData("footer")]
    [InlineData("delta")]
    [InlineData("merged")]
    [InlineData("page")]
    [InlineData("shared")]
    public void Every_truncation_is_detected(string name)
    {
        var structure = Structure.All[name];
        for (var seed = 0; seed < 5; seed++)
        {
            var stored = structure.Make(new Random(seed));
            for (var length = 0; length < stored.Length; length++)
            {
                var head = stored[..length];
                Assert.Throws<CorruptObjectException>(() => structure.Decode(head));
                var tail = stored[^length..];
                Assert.Throws<CorruptObjectException>(() => structure.Decode(tail));
            }
            Assert.Throws<CorruptObjectException>(() => structure.Decode([.. stored, 0]));
        }
    }

    [Theory]
    [InlineData("footer")]
    [InlineData("delta")]
    [InlineData("merged")]
    [InlineData("page")]
    [InlineData("shared")]
    public void Garbage_is_refused(string name)
    {
        var structure = Structure.All[name];
        var random = new Random(11);
        var valid = structure.Make(random);
        for (var n = 0; n < 25_000; n++)
        {
            var garbage = new byte[random.Next(600)];
            random.NextBytes(garbage);
            // Half of them keep a true beginning, so that they are not refused at the first byte.
            if (n % 2 == 0) valid.AsSpan(0, Math.Min(random.Next(120), Math.Min(valid.Length, garbage.Length))).CopyTo(garbage);
            if (structure.Sealed && n % 4 < 2 && garbage.Length > 44)
                valid.AsSpan(valid.Length - 8).CopyTo(garbage.AsSpan(garbage.Length - 8));
            Bounded.Decode(structure, structure.Reseal(garbage), $"seed 11, case {n}");
        }
    }

    [Fact]
    public void A_segment_directory_of_garbage_is_refused_or_lies_within_the_segment()
    {
        var random = new Random(12);
        var refused = 0;
        for (var n = 0; n < 100_000; n++)
        {
            var segment = Segment(random);
            for (var change = random.Next(1, 4); change > 0; change--)
                Mutation.Number(segment, random);
            try
            {
                var end = 0;
                foreach (var (block, offset, length) in SegmentBuilder.Directory(segment, "s"))
                {
                    Assert.True(block >= 0 && length > 0 && offset == end, $"seed 12, case {n}");
                    end = offset + length;
                }
                Assert.True(end <= segment.Length);
            }
            catch (CorruptObjectException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1000, 99_000);
    }

    private static byte[] Segment(Random random)
    {
        var builder = new SegmentBuilder(Samples.Small);
        for (var i = random.Next(1, 5); i > 0; i--)
            builder.Add(random.Next(32), new byte[random.Next(1, 20)]);
        var (buffer, length) = builder.Take();
        return buffer.Span[..length].ToArray();
    }
}
