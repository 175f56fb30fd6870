using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Format;

/// <summary>Index entries of blocks that a clone leaves to the version it began from.</summary>
public sealed class OriginEntryTests
{
    private const int EntryBytes = 48;
    private const int EntryAt = 8;

    private static readonly Hash256 Some = Hash256.Of("some"u8);

    [Fact]
    public void They_come_back_beside_frames_and_count_in_the_node()
    {
        var page = new IndexPage(2, Samples.Small);
        page.Entries[0] = IndexEntry.OfOrigin(Some);
        page.Entries[2] = new IndexEntry(Hash256.Of("own"u8), 3, 40, 20, FrameCodec.Zstd);
        var stored = page.Encode();
        Assert.Equal(EntryAt + (2 * EntryBytes), stored.Length);
        var read = Decode(stored);
        Assert.Equal(page.Entries, read.Entries);
        Assert.Equal((true, false, false), Kind(read.Entries[0]));
        Assert.Equal((false, false, true), Kind(read.Entries[1]));
        Assert.Equal((false, true, false), Kind(read.Entries[2]));
        // The node tells what a block holds, not where it lies.
        var whole = new IndexPage(2, Samples.Small);
        whole.Entries[0] = new IndexEntry(Some, 0, 0, 20, FrameCodec.Zstd);
        whole.Entries[2] = page.Entries[2];
        Assert.Equal(whole.Node(), read.Node());
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    [InlineData(-1, 0, 0)]
    [InlineData(0, -1, 0)]
    public void One_that_names_a_place_is_refused(int length, int segment, int offset)
    {
        var page = new IndexPage(2, Samples.Small);
        page.Entries[1] = new IndexEntry(Some, segment, offset, length, FrameCodec.Origin);
        var error = Assert.Throws<CorruptObjectException>(() => Decode(page.Encode()));
        Assert.Equal("page", error.ObjectName);
    }

    [Fact]
    public void One_without_a_hash_is_refused()
    {
        var page = new IndexPage(2, Samples.Small);
        page.Entries[1] = IndexEntry.OfOrigin(Hash256.Zero);
        Assert.Throws<CorruptObjectException>(() => Decode(page.Encode()));
    }

    [Fact]
    public void Every_changed_bit_of_its_head_is_refused_or_another_entry()
    {
        var page = new IndexPage(2, Samples.Small);
        page.Entries[1] = IndexEntry.OfOrigin(Some);
        var good = page.Encode();
        for (var at = EntryAt; at < EntryAt + EntryBytes; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var bad = (byte[])good.Clone();
                bad[at] ^= (byte)(1 << bit);
                try
                {
                    Assert.NotEqual(page.Entries, Decode(bad).Entries);
                }
                catch (CorruptObjectException)
                {
                    // As it should be where nothing else could be meant.
                }
            }
        }
    }

    [Fact]
    public void No_frame_has_their_codec() =>
        Assert.False(Frames.Fits(FrameCodec.Origin, 0, Samples.Small.BlockBytes));

    private static (bool, bool, bool) Kind(IndexEntry entry) =>
        (entry.IsOrigin, entry.HasFrame, entry.IsZero);

    private static IndexPage Decode(byte[] stored) =>
        IndexPage.Decode(stored, 2, Samples.Small, "page");
}
