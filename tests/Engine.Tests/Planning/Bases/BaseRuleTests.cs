using SnapshotFunctions.Engine.Planning.Bases;
using SnapshotFunctions.Engine.Policies;
using Xunit;

namespace SnapshotFunctions.EngineTests.Planning.Bases;

public sealed class BaseRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 0, 0, 0, 0)]
    [InlineData(1, 0, 1, 0, 9)]
    [InlineData(4, 0, 3, 99, 0)]
    [InlineData(4, 0, 4, 0, 9)]
    [InlineData(4, 100, 3, 99, 0)]
    [InlineData(4, 100, 3, 100, 9)]
    [InlineData(int.MaxValue, 100, 1, 100, 9)]
    [InlineData(int.MaxValue, 100, 0, 100, 0)]
    public void The_base_moves_after_so_many_forwards_or_bytes_of_them(
        int least, long bytes, int forwards, long found, int expected)
    {
        var rule = BaseRules.Of(
            new BaseRuleSettings(BaseRuleSettings.AfterForwards, least) { Bytes = bytes });
        Assert.Equal(expected, rule.Choose(new BaseRuleState(9, 9 - forwards, forwards, found, [], Now)));
    }

    [Fact]
    public void The_base_goes_to_the_newest_version_that_lasts_even_backwards()
    {
        var rule = BaseRules.Of(
            new BaseRuleSettings(BaseRuleSettings.Lasting, 1) { LastingDays = 7 });
        // 5 lasts long, 6 for ever, 7 and 8 go soon.
        var state = State(standing: 7, forwards: 1, (5, 90, 0), (6, null, 0), (7, 6, 0), (8, 1, 0));
        Assert.Equal(6, rule.Choose(state));
        Assert.Equal(0, rule.Choose(state with { Forwards = 0 }));
        Assert.Equal(0, rule.Choose(state with { Standing = 6 }));
        Assert.Equal(
            8, rule.Choose(State(standing: 7, forwards: 1, (7, 6, 0), (8, 1, 0))));
        Assert.Equal(
            8, rule.Choose(State(standing: 7, forwards: 1, (7, null, 0), (8, 7, 0))));
    }

    [Fact]
    public void The_base_goes_to_a_version_that_is_read_often_and_does_not_go_to_and_fro()
    {
        var rule = BaseRules.Of(
            new BaseRuleSettings(BaseRuleSettings.MostRead, 2) { Reads = 5 });
        Assert.Equal(3, rule.Choose(State(8, 0, (3, null, 5), (8, null, 4))));
        // Read too little: the newest, after two forwards.
        Assert.Equal(0, rule.Choose(State(7, 1, (3, null, 4), (8, null, 0))));
        Assert.Equal(8, rule.Choose(State(6, 2, (3, null, 4), (8, null, 0))));
        // The base is read often already: it stays until another one is read twice as much.
        Assert.Equal(0, rule.Choose(State(3, 5, (3, null, 6), (8, null, 11))));
        Assert.Equal(8, rule.Choose(State(3, 5, (3, null, 6), (8, null, 12))));
        Assert.Equal(0, rule.Choose(State(3, 5, (3, null, 9), (8, null, 2))));
        Assert.Equal(8, rule.Choose(State(1, 0, (3, null, 7), (8, null, 7))));
    }

    [Fact]
    public void What_was_read_is_halved_every_week_and_the_least_read_are_forgotten()
    {
        var first = ReadRecord.Plus([], new Dictionary<int, int> { [4] = 8, [9] = 1 }, Now);
        Assert.Equal([new ReadRecord(4, 8, Now), new ReadRecord(9, 1, Now)], first);
        Assert.Equal(4, first[0].CountAt(Now.AddDays(7)));
        Assert.Equal(1, first[0].CountAt(Now.AddDays(21)));
        Assert.Equal(0, first[0].CountAt(Now.AddDays(70)));

        var later = ReadRecord.Plus(
            first, Enumerable.Range(10, 20).ToDictionary(v => v, v => v), Now.AddDays(14));
        Assert.Equal(ReadRecord.MostRecords, later.Count);
        Assert.Equal(Enumerable.Range(14, 16), later.Select(r => r.Version));
    }

    private static BaseRuleState State(
        int standing, int forwards, params (int Version, int? Days, int Reads)[] versions) => new(
        versions[^1].Version, standing, forwards, 0,
        [.. versions.Select(v => new BaseCandidate(
            v.Version, Now, v.Days is { } days ? Now.AddDays(days) : null, v.Reads))],
        Now);
}
