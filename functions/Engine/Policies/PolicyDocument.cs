#pragma warning disable MA0048 // The parts of one document are read together.
namespace SnapshotFunctions.Engine.Policies;

/// <summary>A policy as people and programs write it: durations and sizes with their units.</summary>
/// <param name="Base">Where the base image is kept; absent: at the newest version.</param>
/// <param name="Keep">Which versions are kept; absent: all.</param>
/// <param name="Ladder">How deltas get colder with age; absent: they stay where they are.</param>
/// <param name="Placement">Which tier is which device; absent: the store's own.</param>
/// <param name="Rehydration">How archived data comes back; absent: by copy, without hurry.</param>
/// <param name="Verify">How often all is looked over; absent: never by itself.</param>
/// <param name="Grace">How long what is no longer listed stays for readers; absent: 10m.</param>
public sealed record PolicyDocument(
    BaseRuleDocument? Base = null, KeepDocument? Keep = null,
    IReadOnlyList<LadderRungDocument>? Ladder = null, PlacementDocument? Placement = null,
    RehydrationDocument? Rehydration = null, LookOverDocument? Verify = null,
    string? Grace = null)
{
    /// <summary>The document of a policy.</summary>
    public static PolicyDocument Of(MachinePolicy policy) => new(
        BaseRuleDocument.Of(policy.Base),
        policy.Keep is { } keep ? KeepDocument.Of(keep) : null,
        policy.Ladder is { } ladder
            ? [.. ladder.Select(r => new LadderRungDocument(
                DurationText.Write(r.AfterDays * 86_400L), Word(r.Tier)))]
            : null,
        policy.Placement is { } placement
            ? new PlacementDocument(Word(placement.Base), Word(placement.Deltas)) : null,
        policy.Rehydration is { } rehydration
            ? new RehydrationDocument(
                rehydration.Way, Word(rehydration.Priority))
            : null,
        policy.Verify is { } verify
            ? new LookOverDocument(
                DurationText.Write(verify.QuickHours * 3600L),
                DurationText.Write(verify.ReadAllDays * 86_400L))
            : null,
        DurationText.Write(policy.GraceSeconds));

    /// <summary>A value of an enumeration as a policy writes it.</summary>
    internal static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>A day by UTC.</summary>
    internal static string Day(DateTimeOffset time) => time.UtcDateTime.ToString(
        "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Where the base image is kept along the chain.</summary>
/// <param name="Kind">
/// <c>newest</c>: after every snapshot; <c>after-forwards</c>: after so many forward incrementals or
/// bytes of them; <c>keep</c>: only when told to; <c>lasting</c>: at the newest version that is not
/// about to expire; <c>most-read</c>: at a version that is read often.
/// </param>
/// <param name="Forwards">How many forward incrementals must lie after the base.</param>
/// <param name="Bytes">After how many bytes of them the base moves anyway: <c>10GB</c>.</param>
/// <param name="For">How long a lasting version is expected to stay: <c>7d</c>.</param>
/// <param name="Reads">On how many occasions of late a version was read that is read often.</param>
public sealed record BaseRuleDocument(
    string Kind, int? Forwards = null, string? Bytes = null, string? For = null,
    int? Reads = null)
{
    /// <summary>The document of a rule.</summary>
    public static BaseRuleDocument Of(BaseRuleSettings rule)
    {
        if (rule == BaseRuleSettings.Keep) return new(BaseRuleText.Keep);
        var isPlain = rule.Kind is BaseRuleSettings.Newest;
        return new(
            rule.Kind, isPlain || rule.Forwards == int.MaxValue ? null : rule.Forwards,
            rule.Bytes == 0 ? null : ByteText.Write(rule.Bytes),
            rule.LastingDays == 0 ? null : DurationText.Write(rule.LastingDays * 86_400L),
            rule.Reads == 0 ? null : rule.Reads);
    }
}

/// <summary>Which versions are kept: those that any of the rules keeps; 0 turns one off.</summary>
/// <param name="Last">The newest versions.</param>
/// <param name="Hourly">Hours of which the newest version is kept.</param>
/// <param name="Daily">Days of which the newest version is kept.</param>
/// <param name="Weekly">Weeks of which the newest version is kept.</param>
/// <param name="Monthly">Months of which the newest version is kept.</param>
/// <param name="Yearly">Years of which the newest version is kept.</param>
/// <param name="Within">All versions at most this much older than the newest: <c>14d</c>.</param>
public sealed record KeepDocument(
    int? Last = null, int? Hourly = null, int? Daily = null, int? Weekly = null,
    int? Monthly = null, int? Yearly = null, string? Within = null)
{
    /// <summary>The document of the rules.</summary>
    public static KeepDocument Of(KeepSettings keep) => new(
        Some(keep.Last), Some(keep.Hourly), Some(keep.Daily), Some(keep.Weekly),
        Some(keep.Monthly), Some(keep.Yearly),
        keep.WithinSeconds == 0 ? null : DurationText.Write(keep.WithinSeconds));

    private static int? Some(int count) => count == 0 ? null : count;
}

/// <summary>From an age on, the data of deltas may lie in a tier.</summary>
/// <param name="After">The age: <c>7d</c>.</param>
/// <param name="Tier">The tier: <c>cool</c>, <c>cold</c> or <c>archive</c>.</param>
public sealed record LadderRungDocument(string After, string Tier);

/// <summary>Which tier is which device.</summary>
/// <param name="Base">The tier of base images: <c>hot</c>, <c>cool</c>, <c>cold</c>.</param>
/// <param name="Deltas">The tier that the data of deltas is written to.</param>
public sealed record PlacementDocument(string Base, string Deltas);

/// <summary>How archived data is brought back.</summary>
/// <param name="Way"><c>copy</c>: to copies that go again; <c>tier</c>: the objects move.</param>
/// <param name="Priority"><c>standard</c> or <c>high</c>.</param>
public sealed record RehydrationDocument(string Way, string? Priority = null);

/// <summary>How often what is stored is looked over.</summary>
/// <param name="Quick">From one quick look to the next: <c>1d</c>; 0: never.</param>
/// <param name="ReadAll">In what time every online byte is read once: <c>30d</c>; 0: never.</param>
public sealed record LookOverDocument(string? Quick = null, string? ReadAll = null);
