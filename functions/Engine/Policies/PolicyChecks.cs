using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>What a policy must keep to, wherever it comes from.</summary>
public static class PolicyChecks
{
    /// <summary>The longest grace period: 30 days.</summary>
    public const int MostGraceSeconds = 30 * 24 * 3600;

    /// <summary>The highest age or interval in days: a hundred years.</summary>
    public const int MostDays = 36_525;

    /// <summary>The most rungs that a ladder can have: Cool, Cold and Archive.</summary>
    public const int MostRungs = 3;

    /// <summary>The first thing that is wrong with a policy; null when all is well.</summary>
    /// <returns>Where it is in the policy's JSON, what was expected there and what was found.</returns>
    public static PolicyFault? Find(MachinePolicy policy)
    {
        if (policy.GraceSeconds is < 0 or > MostGraceSeconds)
            return new("graceSeconds", $"0 to {MostGraceSeconds}", $"{policy.GraceSeconds}");
        return OfBase(policy.Base) ?? OfKeep(policy.Keep) ?? OfLadder(policy.Ladder ?? [])
            ?? OfPlacement(policy.Placement) ?? OfRehydration(policy.Rehydration)
            ?? OfVerify(policy.Verify);
    }

    private static PolicyFault? OfBase(BaseRuleSettings rule)
    {
        if (!BaseRuleSettings.Kinds.Contains(rule.Kind, StringComparer.Ordinal))
            return new(
                "base.kind", $"one of {string.Join(", ", BaseRuleSettings.Kinds)}", $"'{rule.Kind}'");
        if (rule.Forwards < 1) return new("base.forwards", "1 or more", $"{rule.Forwards}");
        if (rule.Bytes < 0) return new("base.bytes", "0 or more", $"{rule.Bytes}");
        var isLasting = rule.Kind is BaseRuleSettings.Lasting;
        if (isLasting ? rule.LastingDays is < 1 or > MostDays : rule.LastingDays != 0)
            return new(
                "base.lastingDays", isLasting ? $"1 to {MostDays}" : "0", $"{rule.LastingDays}");
        var isRead = rule.Kind is BaseRuleSettings.MostRead;
        return (isRead ? rule.Reads < 1 : rule.Reads != 0)
            ? new("base.reads", isRead ? "1 or more" : "0", $"{rule.Reads}")
            : null;
    }

    private static PolicyFault? OfKeep(KeepSettings? keep)
    {
        if (keep is null) return null;
        var most = KeepSettings.MostCount;
        foreach (var (name, count) in keep.Counts)
            if (count < 0 || count > most) return new($"keep.{name}", $"0 to {most}", $"{count}");
        return keep.WithinSeconds is < 0 or > MostDays * 86_400L
            ? new("keep.withinSeconds", $"0 to {MostDays * 86_400L}", $"{keep.WithinSeconds}")
            : null;
    }

    private static PolicyFault? OfLadder(IReadOnlyList<LadderRung> ladder)
    {
        if (ladder.Count > MostRungs)
            return new("ladder", $"at most {MostRungs} rungs", $"{ladder.Count}");
        for (var i = 0; i < ladder.Count; i++)
        {
            var (rung, at) = (ladder[i], $"ladder[{i}]");
            var least = i == 0 ? 0 : ladder[i - 1].AfterDays + 1;
            if (rung.AfterDays < least || rung.AfterDays > MostDays)
                return new($"{at}.afterDays", $"{least} to {MostDays}", $"{rung.AfterDays}");
            var warmest = i == 0 ? StorageTier.Hot : ladder[i - 1].Tier;
            if (!Enum.IsDefined(rung.Tier) || rung.Tier <= warmest)
                return new($"{at}.tier", $"a tier colder than {warmest}", $"{rung.Tier}");
        }
        return null;
    }

    private static PolicyFault? OfPlacement(PlacementSettings? placement)
    {
        if (placement is null) return null;
        const string Online = "an online tier: Default, Hot, Cool or Cold";
        if (!IsOnline(placement.Base)) return new("placement.base", Online, $"{placement.Base}");
        return IsOnline(placement.Deltas)
            ? null
            : new("placement.deltas", Online, $"{placement.Deltas}");
    }

    private static PolicyFault? OfRehydration(RehydrationSettings? settings)
    {
        if (settings is null) return null;
        if (settings.Way is not (RehydrationSettings.Copy or RehydrationSettings.Tier))
            return new(
                "rehydration.way", $"'{RehydrationSettings.Copy}' or '{RehydrationSettings.Tier}'",
                $"'{settings.Way}'");
        return Enum.IsDefined(settings.Priority)
            ? null
            : new("rehydration.priority", "Standard or High", $"{settings.Priority}");
    }

    private static PolicyFault? OfVerify(VerifySettings? verify)
    {
        if (verify is null) return null;
        var mostHours = MostDays * 24;
        if (verify.QuickHours < 0 || verify.QuickHours > mostHours)
            return new("verify.quickHours", $"0 to {mostHours}", $"{verify.QuickHours}");
        return verify.ReadAllDays is < 0 or > MostDays
            ? new("verify.readAllDays", $"0 to {MostDays}", $"{verify.ReadAllDays}")
            : null;
    }

    private static bool IsOnline(StorageTier tier) =>
        Enum.IsDefined(tier) && tier != StorageTier.Archive;
}
