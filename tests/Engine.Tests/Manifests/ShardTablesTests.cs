using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Manifests;

public sealed class ShardTablesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(200)]
    public async Task Tables_come_back_as_saved_in_place_or_in_an_object(int count)
    {
        var fixture = new ManifestFixture();
        ShardEdge[] edges = [.. Enumerable.Range(0, count)
            .Select(i => new ShardEdge(i * 3, i, i * 5L, 1L << 40, Hash256.Of([(byte)i])))];
        ShardNode[] nodes = [.. edges.Select(e => new ShardNode(e.Shard, e.Node))];
        var edgeTable = await ShardTables.SaveAsync(fixture.Base, "web-1", edges, 3, 7);
        var nodeTable = await ShardTables.SaveAsync(fixture.Base, "web-1", nodes, 3, 7);
        Assert.Equal(count > 3, edgeTable.Object is not null);
        Assert.Equal(count is > 0 and <= 3, edgeTable.Inline is not null);
        Assert.Equal(count > 3 ? 2 : 0, fixture.Base.Fingerprint().Count);
        Assert.Equal(edges, await ShardTables.LoadEdgesAsync(fixture.Base, "web-1", edgeTable));
        Assert.Equal(nodes, await ShardTables.LoadNodesAsync(fixture.Base, "web-1", nodeTable));
    }

    [Fact]
    public async Task The_same_entries_at_another_revision_get_another_name()
    {
        var fixture = new ManifestFixture();
        ShardNode[] nodes = [.. Enumerable.Range(0, 9).Select(i => new ShardNode(i, Hash256.Zero))];
        var first = await ShardTables.SaveAsync(fixture.Base, "web-1", nodes, 3, 1);
        Assert.Equal(first, await ShardTables.SaveAsync(fixture.Base, "web-1", nodes, 3, 1));
        Assert.NotEqual(first, await ShardTables.SaveAsync(fixture.Base, "web-1", nodes, 3, 2));
    }

    [Fact]
    public void Packed_entries_are_pinned_byte_by_byte()
    {
        var node = new Hash256([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
        var hash = string.Concat(Enumerable.Range(1, 32).Select(i => $"{i:X2}"));
        Assert.Equal(
            $"0700000003000000{"0500000000000000"}{"0900000000000000"}{hash}",
            Convert.ToHexString(ShardTables.Pack([new ShardEdge(7, 3, 5, 9, node)])));
        Assert.Equal(
            $"07000000{hash}", Convert.ToHexString(ShardTables.Pack([new ShardNode(7, node)])));
    }

    [Fact]
    public void Entries_out_of_order_are_refused_both_ways()
    {
        ShardNode[] falling = [new(2, Hash256.Zero), new(1, Hash256.Zero)];
        ShardNode[] twice = [new(2, Hash256.Zero), new(2, Hash256.Zero)];
        Assert.Throws<ArgumentException>(() => ShardTables.Pack(falling));
        Assert.Throws<ArgumentException>(() => ShardTables.Pack(twice));
        var bytes = ShardTables.Pack([new ShardNode(1, Hash256.Zero), new(2, Hash256.Zero)]);
        bytes[ShardTables.NodeBytes] = 1;
        Assert.Throws<CorruptObjectException>(() => ShardTables.UnpackNodes(bytes, 2, "here"));
        Assert.Throws<CorruptObjectException>(() => ShardTables.UnpackNodes(bytes, 1, "here"));
        Assert.Throws<CorruptObjectException>(
            () => ShardTables.UnpackNodes(bytes.AsSpan(1), 2, "here"));
    }

    [Fact]
    public async Task Every_flipped_byte_of_a_table_is_found()
    {
        var fixture = new ManifestFixture();
        ShardNode[] nodes = [.. Enumerable.Range(0, 5).Select(i => new ShardNode(i, Hash256.Zero))];
        var table = await ShardTables.SaveAsync(fixture.Base, "web-1", nodes, 3, 1);
        var name = ObjectNames.ShardTable("web-1", table.Object!.Value);
        var whole = fixture.Base.Freeze();
        for (var at = 0; at < fixture.Base.Peek(name)!.Length; at += 7)
        {
            fixture.Base.Restore(whole);
            fixture.Base.FlipByte(name, at);
            var error = await Assert.ThrowsAsync<CorruptObjectException>(
                () => ShardTables.LoadNodesAsync(fixture.Base, "web-1", table));
            Assert.Equal(name, error.ObjectName);
        }
    }
}
