using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.EngineTests.Layering;
using SnapshotFunctions.TestShared.Sources;
using Xunit;

namespace SnapshotFunctions.EngineTests.Format;

/// <summary>Committed bytes: a change that makes them differ is a change of the format.</summary>
public sealed class GoldenTests
{
    private static Dictionary<string, Func<byte[]>> Made { get; } = new(StringComparer.Ordinal)
    {
        ["footer"] = Golden.Footer.Encode,
        ["shared-footer"] = Golden.SharedFooter.Encode,
        ["shared"] = () => SharedTable.Encode(Golden.Shared),
        ["page"] = Golden.Page.Encode,
        ["segment"] = Golden.Segment,
        ["delta"] = Golden.Delta.Encode,
        ["merged"] = Golden.Merged.Encode,
        ["pack"] = Golden.Pack.Encode,
    };

    [Theory]
    [InlineData("footer")]
    [InlineData("shared-footer")]
    [InlineData("shared")]
    [InlineData("page")]
    [InlineData("segment")]
    [InlineData("delta")]
    [InlineData("merged")]
    [InlineData("pack")]
    public void The_committed_bytes_are_still_written(string name) =>
        Assert.Equal(Hex(name), Convert.ToHexStringLower(Made[name]()));

    [Theory]
    [InlineData("footer")]
    [InlineData("shared-footer")]
    [InlineData("shared")]
    [InlineData("page")]
    [InlineData("delta")]
    [InlineData("merged")]
    [InlineData("pack")]
    public void The_committed_bytes_are_still_read(string name) =>
        Assert.Equal(
            Hex(name), Convert.ToHexStringLower(Structure.All[Kind(name)].Again(Bytes(name))));

    [Fact]
    public void The_committed_footer_says_what_it_said()
    {
        var footer = BaseFooter.Decode(Bytes("footer"), "base");
        Assert.Equal(new ShardKey("web-01", "system", 3), footer.Header.Shard);
        Assert.Equal((42L, 6, 5), (footer.Header.Operation, footer.Version, footer.Previous));
        Assert.Equal(Golden.Card, footer.Card);
        Assert.Equal(Golden.Footer.Segments, footer.Segments);
        Assert.Equal(Golden.Footer.Pages, footer.Pages);
    }

    [Fact]
    public void A_footer_has_the_higher_format_exactly_with_a_table_of_shared_frames()
    {
        Assert.Equal((1, 2), (Bytes("footer")[8], Bytes("shared-footer")[8]));
        Assert.Null(BaseFooter.Decode(Bytes("footer"), "base").Shared);
        Assert.Equal(
            Golden.SharedFooter.Shared, BaseFooter.Decode(Bytes("shared-footer"), "base").Shared);
        Assert.Equal(
            Golden.Shared, SharedTable.Decode(Bytes("shared"), Samples.Small, "base"));
    }

    [Fact]
    public void The_committed_segment_names_its_blocks() => Assert.Equal(
        [(9, 0, 11), (4, 11, 6)], SegmentBuilder.Directory(Bytes("segment"), "segment"));

    [Fact]
    public void The_committed_frame_still_decodes()
    {
        var raw = new byte[4096];
        Frames.Decode(FrameCodec.Zstd, Bytes("frame"), raw, "frame");
        for (var i = 0; i < raw.Length; i++) Assert.Equal((byte)(i / 16), raw[i]);
    }

    [Fact]
    public void Block_ids_are_kind_number_and_hash_in_52_characters()
    {
        var hash = Hash256.Of("x"u8);
        foreach (var (kind, id) in new[]
        {
            ('S', BlockIds.Segment(0x01020304, hash)), ('P', BlockIds.Page(0x01020304, hash)),
            ('D', BlockIds.Part(0x01020304, hash)),
        })
        {
            Assert.Equal([(byte)kind, 1, 2, 3, 4, .. hash.ToArray()], Convert.FromBase64String(id));
            Assert.Equal(52, id.Length);
        }
        Assert.Equal([(byte)'F', 0, 0, 0, 0, .. hash.ToArray()], Convert.FromBase64String(BlockIds.Footer(hash)));
        Assert.Equal([(byte)'T', 0, 0, 0, 0, .. hash.ToArray()], Convert.FromBase64String(BlockIds.Shared(hash)));
        Assert.Equal(BlockIds.Segment(7, Golden.Footer.Segments[1].Hash), Golden.Footer.Segments[1].BlockId);
        Assert.Equal(BlockIds.Page(2, Golden.Footer.Pages[1].Hash), Golden.Footer.Pages[1].BlockId);
    }

    private static string Kind(string name) => name is "shared-footer" ? "footer" : name;

    private static byte[] Bytes(string name) => Convert.FromHexString(Hex(name));

    private static string Hex(string name) => File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "data", "golden", name + ".hex"))
        .ReplaceLineEndings(string.Empty);
}
