using SnapshotFunctions.Engine.Manifests;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Manifests;

public sealed class ShardRangesTests(ITestOutputHelper output)
{
    [Fact]
    public void Random_sets_behave_as_plain_sets_do()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var (a, b) = (Numbers(random), Numbers(random));
            var (left, right) = (ShardRanges.Of(a), ShardRanges.Of(b));
            Assert.Equal(a.Distinct().Order(), left);
            Assert.Equal(a.Distinct().Count(), left.Count);
            Assert.Equal(ShardRanges.Of(a.Concat(b)), left.Union(right));
            Assert.Equal(a.Intersect(b).Any(), left.Overlaps(right));
            for (var shard = 0; shard < 130; shard++)
                Assert.Equal(a.Contains(shard), left.Contains(shard));
            var parsed = ShardRanges.Parse(left.ToString());
            Assert.Equal(left, parsed);
            Assert.Equal(left.GetHashCode(), parsed.GetHashCode());
        }
    }

    [Fact]
    public void A_coarsened_set_holds_all_and_bridges_the_narrowest_gaps()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var set = ShardRanges.Of(Numbers(random));
            var most = random.Next(1, 8);
            var coarse = set.Coarsened(most);
            Assert.True(coarse.RangeCount <= Math.Max(most, 0) || set.RangeCount <= most);
            Assert.Equal(coarse, coarse.Union(set));
            var kept = Gaps(set).OrderDescending().Take(most - 1).Sum();
            Assert.Equal(Gaps(set).Sum() - kept, coarse.Count - set.Count);
        }
        Assert.Equal("0-3,90", ShardRanges.Of(0, 3, 90).Coarsened(2).ToString());
    }

    [Theory]
    [InlineData("1,0")]
    [InlineData("0,1")]
    [InlineData("0-3,4")]
    [InlineData("0-3,2-8")]
    [InlineData("3-3")]
    [InlineData("5-3")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData(" 1")]
    [InlineData("1,,2")]
    [InlineData("1,")]
    [InlineData("1000000")]
    [InlineData("99999999999999999999")]
    [InlineData("٣")]
    [InlineData("1-2-3")]
    public void Text_that_is_not_as_written_is_refused(string text) =>
        Assert.Throws<FormatException>(() => ShardRanges.Parse(text));

    [Fact]
    public void A_text_of_too_many_ranges_is_refused()
    {
        var most = string.Join(',', Enumerable.Range(0, ShardRanges.MaxRanges).Select(i => i * 2));
        Assert.Equal(ShardRanges.MaxRanges, ShardRanges.Parse(most).Count);
        Assert.Throws<FormatException>(() => ShardRanges.Parse(most + ",999999"));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardRanges.Of(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardRanges.Range(0, 1_000_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardRanges.Range(2, 1));
        Assert.Equal(1_000_000, ShardRanges.Range(0, 999_999).Count);
    }

    private static int[] Numbers(Random random) =>
        [.. Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(120))];

    private static List<int> Gaps(ShardRanges set) =>
        [.. set.Zip(set.Skip(1), (a, b) => b - a - 1).Where(g => g > 0)];
}
