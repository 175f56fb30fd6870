using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Tiering;

/// <summary>
/// The cheapest course of an object down a ladder until it goes. Between moves costs are straight
/// lines of time, so that the best moments are among those where a line bends: a rung opens, a
/// minimum stay is over, or would no longer be over before the end.
/// </summary>
/// <param name="Cost">All of it, from now to the end.</param>
/// <param name="To">The first tier it moves to; null when it stays.</param>
/// <param name="At">When it moves there.</param>
/// <param name="IsPack">Whether it moves into a pack.</param>
public sealed record TierCourse(decimal Cost, StorageTier? To, DateTimeOffset At, bool IsPack)
{
    /// <summary>What staying to the end costs.</summary>
    public static decimal Stay(
        TierCandidate candidate, DateTimeOffset now, TierCosts costs, TieringMargins margins) =>
        new Search(candidate, [], costs, margins, now).Stay(Start(candidate, now));

    /// <summary>The cheapest course.</summary>
    /// <param name="candidate">The object.</param>
    /// <param name="ladder">The rungs, the warmest first.</param>
    /// <param name="now">The clock's time.</param>
    /// <param name="costs">What things cost.</param>
    /// <param name="margins">The margins.</param>
    public static TierCourse Best(
        TierCandidate candidate, IReadOnlyList<LadderRung> ladder, DateTimeOffset now,
        TierCosts costs, TieringMargins margins) =>
        new Search(candidate, ladder, costs, margins, now).Best(Start(candidate, now));

    /// <summary>When costs are added up to.</summary>
    public static DateTimeOffset EndOf(
        TierCandidate candidate, DateTimeOffset now, TieringMargins margins) =>
        candidate.Expiry is not { } expiry ? now + margins.Horizon : expiry < now ? now : expiry;

    /// <summary>Whether an object goes to a tier only as part of a pack.</summary>
    public static bool NeedsPack(
        StorageTier tier, long lengthBytes, TieringMargins margins) =>
        tier >= StorageTier.Cold && lengthBytes < margins.PackBytes;

    private static State Start(TierCandidate candidate, DateTimeOffset now) =>
        new(candidate.Tier, candidate.Since, candidate.Pack != 0, now);

    private readonly record struct State(
        StorageTier Tier, DateTimeOffset Since, bool IsPacked, DateTimeOffset Now);

    private sealed class Search(
        TierCandidate candidate, IReadOnlyList<LadderRung> ladder, TierCosts costs,
        TieringMargins margins, DateTimeOffset now)
    {
        private readonly DateTimeOffset _end = EndOf(candidate, now, margins);
        private readonly bool _goes = candidate.Expiry is not null;
        private readonly long _bytes = candidate.LengthBytes;

        public decimal Stay(State at) =>
            Store(at, _end) + (_goes ? Early(at, _end) : 0)
            + costs.End(at.Tier, _bytes, at.IsPacked, _goes);

        public TierCourse Best(State at)
        {
            var best = new TierCourse(Stay(at), null, at.Now, false);
            foreach (var rung in ladder)
            {
                if (rung.Tier <= at.Tier) continue;
                foreach (var moment in Moments(at, rung))
                {
                    var (cost, isPack) = Move(at, rung.Tier, moment);
                    if (cost < best.Cost) best = new TierCourse(cost, rung.Tier, moment, isPack);
                }
            }
            return best;
        }

        private (decimal Cost, bool IsPack) Move(State at, StorageTier to, DateTimeOffset moment)
        {
            var isPack = !at.IsPacked && NeedsPack(to, _bytes, margins);
            var price = isPack
                ? costs.Pack(at.Tier, to, _bytes)
                : costs.Move(to, _bytes, at.IsPacked);
            var next = new State(to, moment, at.IsPacked || isPack, moment);
            return (Store(at, moment) + Early(at, moment) + price + Best(next).Cost, isPack);
        }

        private IEnumerable<DateTimeOffset> Moments(State at, LadderRung rung)
        {
            var opens = Opens(rung);
            var moments = new SortedSet<DateTimeOffset>
            {
                at.Now, opens, at.Since + costs.MinimumStay(at.Tier),
                _end - costs.MinimumStay(rung.Tier),
            };
            foreach (var later in ladder)
                if (later.Tier > rung.Tier)
                    moments.Add(Opens(later) - costs.MinimumStay(rung.Tier));
            return moments.Where(m => m >= at.Now && m >= opens && m < _end);
        }

        private DateTimeOffset Opens(LadderRung rung) =>
            candidate.Born + TimeSpan.FromDays(rung.AfterDays);

        private decimal Store(State at, DateTimeOffset until) =>
            costs.Store(at.Tier, _bytes, at.IsPacked, until - at.Now);

        private decimal Early(State at, DateTimeOffset leaves) =>
            costs.Early(at.Tier, _bytes, at.IsPacked, leaves - at.Since);
    }
}
