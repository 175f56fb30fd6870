using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Planning.Simulation;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.EngineTests.Planning.Simulation;

public sealed class PolicySimulationTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_year_by_the_hour_keeps_what_the_default_policy_says()
    {
        var result = PolicySimulation.Run(Input(MachinePolicy.Default, TimeSpan.FromHours(1), 365));

        Assert.Equal(365 * 24 + 1, result.Snapshots);
        Assert.Equal(result.Snapshots, result.Months.Sum(m => m.Expired) + result.Versions.Count);
        // 48 hours, 12 further days, 6 further weeks and 11 further months, a few of them the same.
        Assert.InRange(result.Versions.Count, 70, 80);
        Assert.InRange(result.MostVersions, result.Versions.Count, 110);
        // 365 days from the first of January end on the first of January: the 13th month begins.
        Assert.Equal(13, result.Months.Count);
        Assert.Equal(
            12, result.Versions.Select(v => CalendarPeriod.Month.Start(v.Time)).Distinct().Count());
    }

    [Fact]
    public void A_month_costs_what_its_bytes_cost_in_the_tiers_of_the_ladder()
    {
        var policy = new MachinePolicy(BaseRuleSettings.Default, 600)
        {
            Keep = new KeepSettings { Last = 100 },
            Ladder = [new LadderRung(10, StorageTier.Cool), new LadderRung(20, StorageTier.Archive)],
            Placement = new PlacementSettings(StorageTier.Hot, StorageTier.Hot),
        };
        var result = PolicySimulation.Run(Input(policy, TimeSpan.FromDays(1), 30));

        var month = result.Months[^1];
        Assert.Equal(31, month.Kept);
        // Ages 0 to 30 days; the newest is the base.
        Assert.Equal(1_000_000 + (9 * 1000), month.Bytes[StorageTier.Hot]);
        Assert.Equal(10 * 1000, month.Bytes[StorageTier.Cool]);
        Assert.Equal(11 * 1000, month.Bytes[StorageTier.Archive]);
        var prices = PriceTables.BuiltIn;
        Assert.Equal(
            (1_009_000 * prices.Of(StorageTier.Hot).GbMonth
                + 10_000 * prices.Of(StorageTier.Cool).GbMonth
                + 11_000 * prices.Of(StorageTier.Archive).GbMonth) / 1_000_000_000m,
            month.Price);
    }

    [Fact]
    public void A_hold_keeps_all_and_a_pin_keeps_its_version()
    {
        var policy = new MachinePolicy(BaseRuleSettings.Default, 600)
        {
            Keep = new KeepSettings { Last = 2 },
        };
        var input = Input(policy, TimeSpan.FromDays(1), 20);
        Assert.Equal(21, PolicySimulation.Run(input with { IsHeld = true }).Versions.Count);
        var pinned = PolicySimulation.Run(
            input with { Pins = [new PinRecord(3, PinRecord.User, null, Now)] });
        Assert.Equal([3, 20, 21], pinned.Versions.Select(v => v.Number));
    }

    [Fact]
    public void Versions_that_are_there_are_followed_by_those_to_come()
    {
        var input = Input(new MachinePolicy(BaseRuleSettings.Default, 600), TimeSpan.FromDays(7), 14)
            with { Versions = [new(40, Now.AddDays(-100)), new(41, Now.AddDays(-3))] };
        var result = PolicySimulation.Run(input);
        Assert.Equal([40, 41, 42, 43], result.Versions.Select(v => v.Number));
        Assert.Equal(Now.AddDays(4), result.Versions[2].Time);
    }

    [Theory]
    [InlineData(0, 3600)]
    [InlineData(3661, 3600)]
    [InlineData(365, 0)]
    [InlineData(3660, 60)]
    public void What_would_take_too_long_is_refused(int days, int seconds) =>
        Assert.Throws<RefusedException>(() => PolicySimulation.Run(Input(
            MachinePolicy.Default, TimeSpan.FromSeconds(seconds), days)));

    [Fact]
    public void The_calendar_shows_each_kept_version_on_its_day_within_sixty_columns()
    {
        var versions = Enumerable.Range(0, 12)
            .Select(i => new RetainedVersion(i + 10, new(2026, 3, 2, i, 0, 0, TimeSpan.Zero)))
            .Prepend(new(5, new(2026, 2, 28, 9, 0, 0, TimeSpan.Zero)))
            .Prepend(new(1, new(2022, 7, 4, 9, 0, 0, TimeSpan.Zero))).ToList();
        var lines = KeptCalendar.Draw(versions, new(2026, 3, 20, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal("2022     by month . . . . . . 1 . . . . .     1", lines[0]);
        Assert.Equal("2026-02  ...........................1        1", lines[^2]);
        Assert.Equal("2026-03  .+.............................    12", lines[^1]);
        Assert.All(lines, l => Assert.InRange(l.Length, 40, 60));
    }

    private static SimulationInput Input(MachinePolicy policy, TimeSpan every, int days) => new()
    {
        Policy = policy,
        Versions = [],
        Now = Now,
        Every = every,
        Days = days,
        BaseBytes = 1_000_000,
        DeltaBytes = 1000,
        Prices = PriceTables.BuiltIn,
    };
}
