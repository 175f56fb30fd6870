using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Model;

public sealed class LayoutTests
{
    private static readonly Layout Small = new(512, 4096, 4, 8192, 8 * 4 * 4096);

    [Fact]
    public void The_default_is_what_the_design_says()
    {
        var layout = Layout.Default.Checked();
        Assert.Equal((16, 131_072, 256), (layout.SectorsPerBlock, layout.BlocksPerShard, layout.PagesPerShard));
        Assert.Equal(0xFFFF, layout.FullMask);
        Assert.Equal(8192, layout.ShardsOf(64L << 40));
        Assert.Equal(0xFF, Small.FullMask);
        Assert.Equal(1, (Small with { BlockBytes = 512 }).FullMask);
    }

    [Fact]
    public void Shards_cover_a_disk_exactly()
    {
        foreach (var size in new long[] { 0, 1, 131_071, 131_072, 131_073, 5 * 131_072, 700_001 })
        {
            var shards = Small.ShardsOf(size);
            Assert.Equal(size, Enumerable.Range(0, shards).Sum(s => Small.ShardLength(size, s)));
            Assert.Equal(0, Small.ShardLength(size, shards));
            Assert.All(Enumerable.Range(0, shards), s => Assert.True(Small.ShardLength(size, s) > 0));
        }
    }

    [Theory]
    [InlineData(128, 4096, 4, 8192, 131072)]
    [InlineData(131072, 131072, 4, 262144, 1048576)]
    [InlineData(768, 1536, 4, 8192, 122880)]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(512, 256, 4, 8192, 131072)]
    [InlineData(512, 1536, 4, 8192, 122880)]
    [InlineData(512, 16384, 4, 16384, 131072)]
    [InlineData(512, 4096, 0, 8192, 131072)]
    [InlineData(512, 4096, 4097, 8192, 4096L * 4097)]
    [InlineData(512, 4096, 4, 4095, 131072)]
    [InlineData(512, 4096, 4, (64 << 20) + 1, 131072)]
    [InlineData(512, 4096, 4, 8192, 131073)]
    [InlineData(512, 4096, 4, 8192, 0)]
    [InlineData(512, 4096, 4, 8192, -131072)]
    [InlineData(512, 4096, 32, 8192, 4096L * 32 * 32769)]
    [InlineData(512, 4096, 1, 8192, 4096L * 65536)]
    [InlineData(512, 4096, 4, 8192, long.MaxValue)]
    [InlineData(int.MinValue, int.MinValue, int.MinValue, int.MinValue, long.MinValue)]
    public void Sizes_that_do_not_fit_are_refused_and_named(
        int sector, int block, int page, int segment, long shard)
    {
        Assert.Equal(Small, Small.Checked());
        var error = Assert.Throws<CorruptObjectException>(
            () => new Layout(sector, block, page, segment, shard).Checked());
        Assert.Contains($"{shard}", error.Found, StringComparison.Ordinal);
    }
}
