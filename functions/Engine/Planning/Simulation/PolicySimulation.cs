using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Simulation;

/// <summary>
/// Tries a policy: snapshots come at a pace, and once a day what retention would expire goes. Pure.
/// The price is that of keeping what is stored; moves, reads and what expires too early for its
/// tier come on top, and deltas that are laid under one another by an expiry overlap, so that less
/// is stored than the sum of the averages.
/// </summary>
public static class PolicySimulation
{
    /// <summary>Runs it.</summary>
    /// <exception cref="RefusedException">The pace or the time is out of bounds.</exception>
    public static SimulationResult Run(SimulationInput input)
    {
        Check(input);
        var kept = input.Versions.ToList();
        var number = kept.Count == 0 ? 1 : kept[^1].Number + 1;
        var last = kept.Count == 0 ? input.Now - input.Every : kept.Max(v => v.Time);
        // One that is overdue comes at once; its gap is not made up for.
        var next = last + input.Every < input.Now ? input.Now : last + input.Every;
        var months = new List<SimulatedMonth>();
        var (taken, expired, all, most) = (0, 0, 0, kept.Count);
        for (var day = 1; day <= input.Days; day++)
        {
            var end = input.Now.AddDays(day);
            for (; next <= end; next += input.Every, taken++, all++)
                kept.Add(new RetainedVersion(number++, next));
            expired += Thin(kept, input, end);
            most = Math.Max(most, kept.Count);
            var month = CalendarPeriod.Month.Start(end);
            if (day < input.Days && CalendarPeriod.Month.Start(end.AddDays(1)) == month) continue;
            months.Add(MonthOf(input, month, end, kept, taken, expired));
            (taken, expired) = (0, 0);
        }
        return new SimulationResult(kept, input.Now.AddDays(input.Days), months, all, most);
    }

    private static void Check(SimulationInput input)
    {
        if (input.Days is < 1 or > SimulationInput.MostDays)
            throw new RefusedException(
                "simulation",
                $"A simulation takes 1 to {SimulationInput.MostDays} days, not {input.Days}.");
        if (input.Every <= TimeSpan.Zero
            || TimeSpan.FromDays(input.Days) / input.Every > SimulationInput.MostSnapshots)
            throw new RefusedException(
                "simulation",
                $"At most {SimulationInput.MostSnapshots} snapshots are simulated: fewer days, or "
                + "more time between snapshots.");
    }

    /// <summary>Takes out what retention would expire; answers how many.</summary>
    private static int Thin(
        List<RetainedVersion> kept, SimulationInput input, DateTimeOffset now)
    {
        if (input.IsHeld || input.Policy.Keep is null || input.Policy.Keep.KeepsAll) return 0;
        var plan = RetentionPlan.Make(
            kept, input.Policy.Keep, input.Pins, input.IsHeld, now, RetentionMargins.Default);
        var gone = plan.Expired.ToHashSet();
        return kept.RemoveAll(v => gone.Contains(v.Number));
    }

    private static SimulatedMonth MonthOf(
        SimulationInput input, DateTimeOffset month, DateTimeOffset end,
        List<RetainedVersion> kept, int taken, int expired)
    {
        var bytes = new SortedDictionary<StorageTier, long>();
        Add(input.Policy.Placement?.Base ?? StorageTier.Hot, input.BaseBytes);
        // The newest is the base; each of the others is one delta away from its neighbour.
        foreach (var version in kept.SkipLast(1))
            Add(TierAt(input.Policy, end - version.Time), input.DeltaBytes);
        return new SimulatedMonth(
            month, taken, expired, kept.Count, bytes,
            bytes.Sum(t => input.Prices.Month(t.Key, t.Value)));

        void Add(StorageTier tier, long more)
        {
            tier = tier == StorageTier.Default ? StorageTier.Hot : tier;
            bytes[tier] = bytes.GetValueOrDefault(tier) + more;
        }
    }

    private static StorageTier TierAt(MachinePolicy policy, TimeSpan age)
    {
        var tier = policy.Placement?.Deltas ?? StorageTier.Cool;
        foreach (var rung in policy.Ladder ?? [])
            if (age.TotalDays >= rung.AfterDays && rung.Tier > tier) tier = rung.Tier;
        return tier;
    }
}
