using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Sharing;

/// <summary>A full verification tells each thing that a base may say wrongly of shared frames.</summary>
public sealed class SharedVerifyTests
{
    public static TheoryData<string> Faults => [.. Wrong.Keys];

    private static Dictionary<string, Func<StoredBase, List<SharedBlock>>> Wrong { get; } =
        new(StringComparer.Ordinal)
        {
            ["no table"] = _ => [],
            ["a block less"] = b => [.. b.Shared.Skip(1)],
            ["the last block less"] = b => [.. b.Shared.SkipLast(1)],
            ["another frame"] = b =>
                [b.Shared[0] with { Offset = b.Shared[0].Offset + 1 }, .. b.Shared.Skip(1)],
            ["another segment"] = b => [b.Shared[0] with { Segment = 99 }, .. b.Shared.Skip(1)],
            ["a block that names another frame"] = b =>
                [.. b.Shared.Append(b.Shared[0] with { Block = Other(b) }).OrderBy(s => s.Block)],
            ["a block that is zero"] = b => [.. b.Shared, b.Shared[0] with { Block = 15 }],
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task What_is_said_wrongly_of_shared_frames_is_told(string fault)
    {
        var rig = await MadeAsync();
        await SharedRig.RequireSoundAsync(rig, "before");
        var stored = StoredBase.Of(rig, 0);
        await CommitAsync(rig, stored, stored.Shared);
        Assert.True((await SharedRig.VerifyAsync(rig)).IsSound);
        await CommitAsync(rig, stored, Wrong[fault](stored));
        await RequireToldAsync(rig, stored);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Live_bytes_that_count_a_shared_frame_twice_or_not_at_all_are_told(int more)
    {
        var rig = await MadeAsync();
        var stored = StoredBase.Of(rig, 0);
        var counted = Counted(stored, more);
        Assert.NotEqual(stored.Footer.Segments, counted);
        await CommitAsync(rig, stored, stored.Shared, counted);
        await RequireToldAsync(rig, stored);
    }

    [Fact]
    public async Task A_damaged_table_is_told_by_a_sampled_verification_too()
    {
        var rig = await MadeAsync();
        var stored = StoredBase.Of(rig, 0);
        rig.Base.FlipByte(stored.Name, stored.TableOffset + 9);
        Assert.False((await SharedRig.VerifyAsync(rig, CheckDepth.Sampled)).IsSound);
        Assert.False((await SharedRig.VerifyAsync(rig)).IsSound);
    }

    [Fact]
    public async Task A_patch_stops_where_the_table_does_not_know_what_the_index_names()
    {
        var rig = await MadeAsync();
        await rig.SetRuleAsync(BaseRuleSettings.AfterForwards, 1000);
        var disk = (byte[])rig.Model[1]["disk0"].Clone();
        disk[0]++;
        await rig.IngestAsync(("disk0", disk));
        var stored = StoredBase.Of(rig, 0);
        Assert.Equal(0, stored.Shared[0].Block);
        await CommitAsync(rig, stored, [.. stored.Shared.Skip(1)]);

        var error = await Assert.ThrowsAsync<Engine.Flows.Contract.StepFailedException>(
            () => rig.ConsolidateAsync(2));

        Assert.Contains("table of shared frames", error.Message, StringComparison.Ordinal);
        // The operation was fenced; nothing else has changed.
        var after = StoredBase.Of(rig, 0);
        Assert.Equal(stored.Footer.Segments, after.Footer.Segments);
        Assert.Equal(stored.Footer.Pages, after.Footer.Pages);
        rig.NewLife();
        await rig.CheckAsync("after the patch that stopped");
    }

    /// <summary>One shard: blocks 0, 3 and 9 are equal, and 1 and 8, the rest is its own or zero.</summary>
    private static async Task<Rig> MadeAsync()
    {
        var rig = new Rig();
        await rig.SetRuleAsync(BaseRuleSettings.Newest, 1);
        var disk = new byte[16 * 1024];
        new Random(3).NextBytes(disk.AsSpan(0, 14 * 1024));
        foreach (var (from, to) in new[] { (0, 3), (0, 9), (1, 8) })
            disk.AsSpan(from * 1024, 1024).CopyTo(disk.AsSpan(to * 1024));
        await rig.IngestAsync(("disk0", disk));
        Assert.Equal([0, 1, 3, 8, 9], StoredBase.Of(rig, 0).Shared.Select(s => s.Block));
        return rig;
    }

    private static int Other(StoredBase stored) =>
        stored.Entries().Keys.First(b => stored.Shared.All(s => s.Block != b));

    private static List<SegmentRecord> Counted(StoredBase stored, int more)
    {
        var (_, segment, offset) = stored.Shared[0];
        var bytes = stored.Entries().Values
            .First(e => (e.Segment, e.Offset) == (segment, offset)).StoredBytes;
        // Live bytes never exceed a segment's frames: a directory leaves a little room above them.
        return [.. stored.Footer.Segments.Select(s => s.Number != segment ? s : s with
        {
            LiveBytes = more < 0 ? s.LiveBytes - bytes
                : Math.Min(s.LiveBytes + bytes, s.LengthBytes - SegmentBuilder.LeastBytes),
        })];
    }

    private static async Task RequireToldAsync(Rig rig, StoredBase stored)
    {
        var result = await SharedRig.VerifyAsync(rig);
        Assert.False(result.IsSound);
        Assert.Contains(result.Tally.Findings, f => f.Object == stored.Name);
        // Who reads blocks does not need the table: all is there still.
        rig.NewLife();
        await rig.CheckAsync("with a wrong table");
    }

    private static async Task CommitAsync(
        Rig rig, StoredBase stored, IReadOnlyList<SharedBlock> shared,
        IReadOnlyList<SegmentRecord>? segments = null)
    {
        await stored.CommitAsync(rig.Base, shared, segments);
        rig.NewLife();
    }
}
