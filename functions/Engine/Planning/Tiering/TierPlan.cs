using System.Globalization;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Tiering;

/// <summary>
/// What becomes of some deltas' data and packs, with reasons: pure, and printable without doing it.
/// An object moves only where the cheapest course of it begins with that move now, and only if that
/// saves more than a margin against staying.
/// </summary>
public sealed class TierPlan
{
    private TierPlan(IReadOnlyList<TierDecision> decisions, IReadOnlyList<PlannedPack> packs) =>
        (Decisions, Packs) = (decisions, packs);

    /// <summary>A decision for each object, in the order given.</summary>
    public IReadOnlyList<TierDecision> Decisions { get; }

    /// <summary>The packs to be written.</summary>
    public IReadOnlyList<PlannedPack> Packs { get; }

    /// <summary>Plans some objects of one machine.</summary>
    /// <param name="candidates">The objects.</param>
    /// <param name="ladder">The rungs; null or empty: everything stays.</param>
    /// <param name="prices">What things cost.</param>
    /// <param name="now">The clock's time.</param>
    /// <param name="margins">The margins.</param>
    public static TierPlan Make(
        IReadOnlyList<TierCandidate> candidates, IReadOnlyList<LadderRung>? ladder,
        PriceTable prices, DateTimeOffset now, TieringMargins margins)
    {
        var costs = new TierCosts(prices, margins);
        var decisions = candidates
            .Select(c => Decide(c, ladder ?? [], costs, now, margins)).ToList();
        var grouping = new PackGrouping(costs, margins, now);
        var packs = decisions.Where(d => d.Action == TierAction.Pack).GroupBy(d => d.Tier)
            .OrderBy(g => g.Key)
            .SelectMany(g => grouping.Group(g.Key, g.Select(d => d.Object))).ToList();
        var packed = packs.SelectMany(p => p.Members).ToHashSet(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < decisions.Count; i++)
        {
            if (decisions[i].Action == TierAction.Pack && !packed.Contains(decisions[i].Object))
                decisions[i] = Waiting(decisions[i], ladder!, costs, now, margins);
        }
        return new TierPlan(decisions, packs);
    }

    private static TierDecision Decide(
        TierCandidate candidate, IReadOnlyList<LadderRung> ladder, TierCosts costs,
        DateTimeOffset now, TieringMargins margins)
    {
        if (candidate.Tier == StorageTier.Default)
            return Stays(candidate, "this store has no tiers");
        if (candidate.IsWarm) return Stays(candidate, "stays warm for an undo or a clone");
        var colder = ladder.Where(r => r.Tier > candidate.Tier).ToList();
        if (colder.Count == 0)
            return Stays(candidate, ladder.Count == 0 ? "no ladder" : "the lowest rung");
        var opens = candidate.Born + TimeSpan.FromDays(colder[0].AfterDays);
        if (opens > now) return Stays(candidate, $"{Word(colder[0].Tier)} from {Day(opens)} on");
        if (candidate.Expiry <= now) return Stays(candidate, "it is about to go");
        var stay = TierCourse.Stay(candidate, now, costs, margins);
        var best = TierCourse.Best(candidate, ladder, now, costs, margins);
        var gain = stay - best.Cost;
        if (best.To is not { } to || gain <= stay * margins.LeastGainShare)
            return Stays(candidate, NoGain(candidate, colder[0], stay, costs, now, margins));
        if (best.At > now)
            return Stays(candidate, $"{Word(to)} from {Day(best.At)} on is cheaper", gain);
        var action = best.IsPack ? TierAction.Pack : TierAction.Move;
        return new TierDecision(
            candidate, action, to, gain,
            $"saves {Money(gain)} of {Money(stay)}{Until(candidate)}");
    }

    /// <summary>
    /// No pack takes it now. It may still move by itself to a tier that needs none, when it gains
    /// by that though it moves on later.
    /// </summary>
    private static TierDecision Waiting(
        TierDecision wanted, IReadOnlyList<LadderRung> ladder, TierCosts costs,
        DateTimeOffset now, TieringMargins margins)
    {
        var candidate = wanted.Object;
        var alone = ladder
            .Where(r => !TierCourse.NeedsPack(r.Tier, candidate.LengthBytes, margins)).ToList();
        var decision = Decide(candidate, alone, costs, now, margins);
        return decision.Action == TierAction.Move
            ? decision with { Reason = $"{decision.Reason}; no pack for {Word(wanted.Tier)} yet" }
            : Stays(candidate, $"waits for a pack for {Word(wanted.Tier)}", wanted.Gain);
    }

    private static string NoGain(
        TierCandidate candidate, LadderRung rung, decimal stay, TierCosts costs,
        DateTimeOffset now, TieringMargins margins)
    {
        var isPack = candidate.Pack == 0
            && TierCourse.NeedsPack(rung.Tier, candidate.LengthBytes, margins);
        var moved = new TierCandidate(
            candidate.Disk, candidate.Shard, candidate.Key, candidate.LengthBytes, rung.Tier, now,
            candidate.Born, candidate.Expiry, Pack: isPack || candidate.Pack != 0 ? 1 : 0);
        var there = TierCourse.Stay(moved, now, costs, margins);
        var price = costs.Early(
                candidate.Tier, candidate.LengthBytes, candidate.Pack != 0, now - candidate.Since)
            + (isPack
                ? costs.Pack(candidate.Tier, rung.Tier, candidate.LengthBytes)
                : costs.Move(rung.Tier, candidate.LengthBytes, candidate.Pack != 0));
        return $"{Word(rung.Tier)} would cost {Money(there + price)}, staying {Money(stay)}"
            + Until(candidate);
    }

    private static TierDecision Stays(TierCandidate candidate, string reason, decimal gain = 0) =>
        new(candidate, TierAction.Stay, candidate.Tier, gain, reason);

    private static string Until(TierCandidate candidate) =>
        candidate.Expiry is { } expiry ? $" until {Day(expiry)}" : string.Empty;

    private static string Word(StorageTier tier) => tier.ToString();

    private static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Money(decimal amount) =>
        amount.ToString("0.########", CultureInfo.InvariantCulture);
}
