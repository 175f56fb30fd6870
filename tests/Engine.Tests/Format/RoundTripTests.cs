using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Format;

public sealed class RoundTripTests
{
    [Theory]
    [InlineData("footer")]
    [InlineData("delta")]
    [InlineData("merged")]
    [InlineData("page")]
    [InlineData("shared")]
    public void What_was_encoded_decodes_and_encodes_to_the_same_bytes(string name)
    {
        var structure = Structure.All[name];
        for (var seed = 0; seed < 2000; seed++)
        {
            var stored = structure.Make(new Random(seed));
            Assert.True(stored.AsSpan().SequenceEqual(structure.Again(stored)), $"seed {seed}");
        }
    }

    [Fact]
    public void A_footer_keeps_every_field()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var made = Samples.Footer(new Random(seed));
            var read = BaseFooter.Decode(made.Encode(), "base");
            Assert.Equal(made.Segments, read.Segments);
            Assert.Equal(made.Pages, read.Pages);
            Assert.Equal(made with { Segments = read.Segments, Pages = read.Pages }, read);
        }
    }

    [Fact]
    public void A_delta_keeps_every_field()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var made = Samples.Delta(new Random(seed));
            var read = DeltaIndex.Decode(made.Encode(), "delta");
            Assert.Equal(made.Header, read.Header);
            Assert.Equal(
                (made.Key, made.FromDiskBytes, made.ToDiskBytes, made.Card, made.Input),
                (read.Key, read.FromDiskBytes, read.ToDiskBytes, read.Card, read.Input));
            Assert.Equal(
                (made.FromNode, made.ToNode, made.DataBytes, made.DataHash),
                (read.FromNode, read.ToNode, read.DataBytes, read.DataHash));
            Assert.Equal(made.Frames, read.Frames);
            Assert.Equal(made.ZeroRuns, read.ZeroRuns);
            Assert.Equal(made.Entries, read.Entries);
            Assert.Equal(made.Pages, read.Pages);
        }
    }

    [Fact]
    public void A_merged_index_keeps_every_field()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var made = Samples.Merged(new Random(seed));
            var read = MergedIndex.Decode(made.Encode(), "merged");
            Assert.Equal(
                (made.Header, made.Level, made.Group), (read.Header, read.Level, read.Group));
            Assert.Equal(made.Deltas, read.Deltas);
            Assert.Equal(made.Blocks, read.Blocks);
            Assert.Equal(made.Sources, read.Sources);
        }
    }

    [Fact]
    public void A_page_keeps_every_entry_and_its_node()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var made = Samples.Page(new Random(seed));
            var read = IndexPage.Decode(made.Encode(), made.Number, Samples.Small, "page");
            Assert.Equal(made.Entries, read.Entries);
            Assert.Equal(made.Node(), read.Node());
        }
    }

    [Fact]
    public void The_length_is_read_from_the_tail_alone()
    {
        var footer = Samples.Footer(new Random(1)).Encode();
        var delta = Samples.Delta(new Random(1)).Encode();
        Assert.Equal(footer.Length, BaseFooter.LengthFrom(footer.AsSpan()[^BaseFooter.TailBytes..], "b"));
        Assert.Equal(delta.Length, DeltaIndex.LengthFrom(delta.AsSpan()[^DeltaIndex.TailBytes..], "d"));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData((64 << 20) + 1)]
    [InlineData(43)]
    [InlineData(-1)]
    public void A_tail_never_asks_for_more_than_such_a_structure_can_be(int length)
    {
        var footer = Samples.Footer(new Random(1)).Encode();
        var delta = Samples.Delta(new Random(1)).Encode();
        BitConverter.TryWriteBytes(footer.AsSpan()[^12..], length);
        BitConverter.TryWriteBytes(delta.AsSpan()[^12..], length);
        Assert.Throws<CorruptObjectException>(() => BaseFooter.LengthFrom(footer, "b"));
        Assert.Throws<CorruptObjectException>(() => DeltaIndex.LengthFrom(delta, "d"));
    }

    [Fact]
    public void A_page_of_zeros_is_not_stored() =>
        Assert.Empty(new IndexPage(3, Samples.Small).Encode());

    [Fact]
    public void A_card_that_could_not_be_read_back_is_not_written()
    {
        var card = new VersionCard(DateTimeOffset.UnixEpoch, new string('x', 5000));
        var footer = Samples.Footer(new Random(1)) with { Card = card };
        Assert.Throws<RefusedException>(footer.Encode);
    }
}
