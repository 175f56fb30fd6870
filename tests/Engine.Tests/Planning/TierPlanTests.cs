using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Planning;

public sealed class TierPlanTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PriceTable Prices = PriceTables.BuiltIn;
    private static readonly TieringMargins Margins = TieringMargins.Default;

    [Fact]
    public void A_plan_never_chooses_a_loss_and_leaves_no_gain_that_trying_every_day_finds()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (moves, later, stays) = (0, 0, 0);
        for (var i = 0; i < 150; i++)
        {
            var candidate = Candidate(random);
            var ladder = Ladder(random);
            var brute = new EveryDay(candidate, ladder, Now, Margins);
            var (stay, best) = (brute.Stay(), brute.Best());
            var course = TierCourse.Best(
                candidate, ladder, Now, new TierCosts(Prices, Margins), Margins);
            var decision = Assert.Single(
                TierPlan.Make([candidate], ladder, Prices, Now, Margins).Decisions);
            var text = $"{candidate} on {string.Join(", ", ladder)}: {decision}";
            // Days are a grid: what lies between two of them the search by days cannot see.
            var slack = 1e-12 + (stay * 0.002);
            Assert.True((double)course.Cost <= best + slack, $"{text}: {course.Cost} > {best}");
            Assert.True((double)course.Cost >= best - (stay * 0.02), $"{text}: {course.Cost} < {best}");
            if (course.To is { } to && course.At == Now)
            {
                var now = brute.MoveNow(to);
                Assert.True(now <= stay + slack, $"{text}: moving costs {now}, staying {stay}");
            }
            if (decision.Action == TierAction.Move)
            {
                moves++;
                Assert.True((double)decision.Gain > stay * 0.0199, text);
            }
            else if (course.To is not null && course.At > Now) later++;
            else stays++;
            var isAllowed = stay - best <= (stay * 0.0201) + slack
                || decision.Action == TierAction.Move || course.At > Now
                || TierCourse.NeedsPack(course.To!.Value, candidate.LengthBytes, Margins);
            Assert.True(isAllowed, $"{text}: {stay - best} is left");
        }
        output.WriteLine($"{moves} move, {later} later, {stays} stay");
        Assert.True(moves > 10 && later > 3 && stays > 20);
    }

    [Fact]
    public void What_a_rung_a_minimum_stay_or_an_expiry_forbids_stays_with_its_reason()
    {
        var old = new TierCandidate(
            "disk", 0, new DeltaKey(9, 8, 4), 200L << 20, StorageTier.Hot, Now.AddDays(-60),
            Now.AddDays(-60), null);
        LadderRung[] ladder = [new(7, StorageTier.Cool), new(90, StorageTier.Cold)];
        Told(TierAction.Move, "saves", old);
        Told(TierAction.Stay, "warm", old with { IsWarm = true });
        Told(TierAction.Stay, "no tiers", old with { Tier = StorageTier.Default });
        Told(TierAction.Stay, "Cool from 2026-06-03", old with { Born = Now.AddDays(-5) });
        Told(TierAction.Stay, "would cost", old with { Expiry = Now.AddDays(10) });
        Told(TierAction.Stay, "about to go", old with { Expiry = Now.AddDays(-1) });
        Told(TierAction.Stay, "would cost", old with { LengthBytes = 3000 });
        Told(TierAction.Stay, "the lowest rung", old with { Tier = StorageTier.Cold });
        // In Cool for a day: to leave it now would be billed for 29 more.
        var fresh = old with
        {
            Tier = StorageTier.Cool, Since = Now.AddDays(-1), Born = Now.AddDays(-200),
            Expiry = Now.AddDays(130),
        };
        Told(TierAction.Stay, "Cold from 2026-06-30 on is cheaper", fresh);

        void Told(TierAction action, string reason, TierCandidate candidate)
        {
            var found = Assert.Single(
                TierPlan.Make([candidate], ladder, Prices, Now, Margins).Decisions);
            Assert.Equal(action, found.Action);
            Assert.Contains(reason, found.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Packs_hold_enough_of_what_goes_at_about_the_same_time()
    {
        LadderRung[] ladder = [new(90, StorageTier.Cold)];
        var random = new Random(5);
        var candidates = Enumerable.Range(0, 300).Select(n => new TierCandidate(
            "disk", 0, new DeltaKey(n + 2, n + 1, 7), random.Next(200_000, 3_000_000),
            StorageTier.Hot, Now.AddDays(-200), Now.AddDays(-200),
            n % 3 == 0 ? null : Now.AddDays(n % 3 == 1 ? 400 : 30))).ToList();
        var plan = TierPlan.Make(candidates, ladder, Prices, Now, Margins);
        output.WriteLine(string.Join('\n', plan.Packs.Select(
            p => $"{p.Tier} {p.Members.Count} members, {p.LengthBytes} bytes, until {p.Expiry}")));
        Assert.True(plan.Packs.Count >= 3);
        Assert.All(plan.Packs, p => Assert.InRange(p.LengthBytes, Margins.PackBytes, Margins.MostPackBytes));
        // What goes in a month pays no stay of 90 days, and nothing lies in two packs.
        Assert.All(plan.Packs.SelectMany(p => p.Members), m => Assert.NotEqual(Now.AddDays(30), m.Expiry));
        Assert.Distinct(plan.Packs.SelectMany(p => p.Members));
        // One pack at most takes the rest of one kind and the first of the next.
        Assert.InRange(plan.Packs.Count(p => p.Members.Select(m => m.Expiry).Distinct().Count() > 1), 0, 1);
        var few = TierPlan.Make([.. candidates.Take(9)], ladder, Prices, Now, Margins);
        Assert.Empty(few.Packs);
        Assert.Contains(few.Decisions, d => d.Reason.Contains("waits for a pack", StringComparison.Ordinal));
    }

    private static TierCandidate Candidate(Random random)
    {
        var tier = random.Next(3) == 0 ? StorageTier.Cool : StorageTier.Hot;
        var born = Now.AddDays(-random.Next(0, 300));
        var since = born.AddDays(random.Next(0, (int)(Now - born).TotalDays + 1));
        return new TierCandidate(
            "disk", random.Next(4), new DeltaKey(random.Next(10, 99), 9, random.Next(1, 50)),
            (long)Math.Pow(2, 10 + (random.NextDouble() * 19)), tier, since, born,
            random.Next(4) == 0 ? null : Now.AddDays(random.Next(1, 400)));
    }

    private static LadderRung[] Ladder(Random random)
    {
        var rungs = new List<LadderRung>();
        var after = random.Next(0, 20);
        foreach (var tier in new[] { StorageTier.Cool, StorageTier.Cold, StorageTier.Archive })
        {
            if (random.Next(3) == 0) continue;
            rungs.Add(new LadderRung(after, tier));
            after += random.Next(1, 120);
        }
        return [.. rungs];
    }
}
