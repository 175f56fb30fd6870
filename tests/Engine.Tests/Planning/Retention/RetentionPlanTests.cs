using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.TestShared.Retention;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Planning.Retention;

public sealed class RetentionPlanTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RetentionMargins Margins = RetentionMargins.Default;

    [Fact]
    public async Task Random_histories_keep_what_an_independent_program_keeps()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (asked, expected) = (new List<object>(), new List<int[]>());
        for (var i = 0; i < 400; i++)
        {
            var versions = History(random);
            var keep = Rules(random);
            var pins = versions.Where(_ => random.Next(20) == 0).Select(v => v.Number).ToArray();
            var now = versions.Max(v => v.Time) + TimeSpan.FromMinutes(random.Next(200));
            var plan = RetentionPlan.Make(
                versions, keep, [.. pins.Select(p => new PinRecord(p, "user", null, now))],
                false, now, Margins);
            expected.Add([.. plan.Marks.Where(m => m.IsKept).Select(m => m.Version)]);
            asked.Add(CaseOf(versions, keep, pins, now));
        }
        var answers = await RetentionOracle.AskAsync(asked);
        for (var i = 0; i < asked.Count; i++) Assert.Equal(answers[i], expected[i]);
        Assert.True(expected.Exists(e => e.Length > 40), "No case kept much.");
    }

    [Fact]
    public async Task Ten_years_by_the_hour_leave_what_an_independent_program_leaves()
    {
        const int Hours = 10 * 365 * 24;
        var versions = new List<RetainedVersion>();
        var most = 0;
        for (var hour = 0; hour < Hours; hour++)
        {
            versions.Add(new RetainedVersion(hour + 1, Start.AddHours(hour)));
            if ((hour + 1) % 24 != 0) continue;
            var gone = RetentionPlan.Make(
                versions, KeepSettings.Default, [], false, Start.AddHours(hour), Margins)
                .Expired.ToHashSet();
            versions.RemoveAll(v => gone.Contains(v.Number));
            most = Math.Max(most, versions.Count);
        }
        var keep = KeepSettings.Default;
        var answers = await RetentionOracle.AskAsync(
        [
            new
            {
                hours = Hours, everyHours = 24, keep = Words(keep), pins = Array.Empty<int>(),
                young = 3600, newest = 1,
            },
        ]);
        Assert.Equal(answers[0], versions.Select(v => v.Number));
        output.WriteLine($"{versions.Count} versions left of {Hours}, never more than {most}");
        Assert.InRange(most, 48, 48 + 14 + 8 + 12 + 10);
    }

    [Fact]
    public void What_is_said_of_a_version_names_every_rule_that_keeps_it()
    {
        var versions = Enumerable.Range(0, 50)
            .Select(i => new RetainedVersion(i + 1, Start.AddHours(12 * i))).ToArray();
        var plan = RetentionPlan.Make(
            versions, new KeepSettings { Last = 2, Daily = 3, Monthly = 2 },
            [new PinRecord(5, "clone:web", null, Start)], false, versions[^1].Time, Margins);
        Assert.Equal(
            ["newest", "young", "one of the last 2", "daily 2026-01-25", "monthly 2026-01"],
            plan.Marks[^1].Reasons);
        Assert.Equal(["one of the last 2"], plan.Marks[^2].Reasons);
        Assert.Equal(["pinned by clone:web"], plan.Marks[4].Reasons);
        Assert.Equal(["daily 2026-01-24"], plan.Marks[47].Reasons);
        Assert.Equal([5, 46, 48, 49, 50], plan.Marks.Where(m => m.IsKept).Select(m => m.Version));
    }

    [Theory]
    [InlineData(true, 0, "legal hold")]
    [InlineData(false, 48, "a version's time lies in the future: a clock is wrong")]
    public void A_hold_and_a_clock_gone_wrong_keep_everything(bool held, int aheadHours, string why)
    {
        var versions = Enumerable.Range(0, 9)
            .Select(i => new RetainedVersion(i + 1, Start.AddHours(i))).ToArray();
        var plan = RetentionPlan.Make(
            versions, new KeepSettings { Last = 1 }, [], held,
            versions[^1].Time.AddHours(-aheadHours), Margins);
        Assert.Equal(why, plan.Halted);
        Assert.Empty(plan.Expired);
    }

    [Fact]
    public void One_run_lets_no_more_go_than_the_margin_says_and_the_oldest_first()
    {
        var versions = Enumerable.Range(0, 30)
            .Select(i => new RetainedVersion(i + 1, Start.AddHours(i))).ToArray();
        var plan = RetentionPlan.Make(
            versions, new KeepSettings { Last = 1 }, [], false, Start.AddDays(9),
            Margins with { MostExpired = 10 });
        Assert.Equal(Enumerable.Range(1, 10), plan.Expired);
    }

    [Fact]
    public void A_forecast_is_when_the_version_really_goes()
    {
        var keep = new KeepSettings { Last = 2, Hourly = 6, Daily = 5, Weekly = 3, Monthly = 2 };
        var versions = new List<RetainedVersion>();
        var (said, gone) = (new Dictionary<int, DateTimeOffset>(), 0);
        for (var hour = 0; hour < 24 * 150; hour++)
        {
            var now = Start.AddHours(hour);
            versions.Add(new RetainedVersion(hour + 1, now));
            foreach (var expired in RetentionPlan.Make(
                versions, keep, [], false, now.AddHours(1), Margins).Expired.ToList())
            {
                versions.RemoveAll(v => v.Number == expired);
                if (!said.TryGetValue(expired, out var when)) continue;
                // The plan ran an hour after the snapshot; a period ends with the next one's first.
                Assert.InRange(now - when, TimeSpan.FromHours(-1), TimeSpan.FromHours(1));
                gone++;
            }
            foreach (var version in versions)
            {
                said[version.Number] = RetentionForecast.ExpiryOf(
                    version, versions, keep, false, TimeSpan.FromHours(1))!.Value;
            }
        }
        Assert.True(gone > 3000, $"Only {gone} versions went.");
    }

    private static List<RetainedVersion> History(Random random)
    {
        var time = Start.AddSeconds(random.Next(100_000_000));
        var step = new[] { 600, 3600, 86_400, 700_000 }[random.Next(4)];
        var versions = new List<RetainedVersion>();
        var count = random.Next(1, 150);
        for (var i = 1; i <= count; i++)
        {
            time = time.AddSeconds(random.Next(30) == 0 ? -random.Next(step) : random.Next(2 * step));
            if (random.Next(5) > 0) versions.Add(new RetainedVersion(i, time));
        }
        if (versions.Count == 0) versions.Add(new RetainedVersion(1, time));
        return versions;
    }

    private static KeepSettings Rules(Random random)
    {
        var keep = new KeepSettings
        {
            Last = Some(5), Hourly = Some(30), Daily = Some(20), Weekly = Some(10),
            Monthly = Some(12), Yearly = Some(5), WithinSeconds = Some(200_000),
        };
        return keep.KeepsAll ? keep with { Last = 1 } : keep;

        int Some(int most) => random.Next(2) == 0 ? 0 : random.Next(1, most);
    }

    private static object CaseOf(
        List<RetainedVersion> versions, KeepSettings keep, int[] pins, DateTimeOffset now) => new
        {
            versions = versions.Select(v => new[] { v.Number, v.Time.ToUnixTimeSeconds() }),
            keep = Words(keep), pins, now = now.ToUnixTimeSeconds(), young = 3600, newest = 1,
        };

    private static object Words(KeepSettings keep) => new
    {
        last = keep.Last, hourly = keep.Hourly, daily = keep.Daily, weekly = keep.Weekly,
        monthly = keep.Monthly, yearly = keep.Yearly, withinSeconds = keep.WithinSeconds,
    };
}
