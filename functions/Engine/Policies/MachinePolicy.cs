namespace SnapshotFunctions.Engine.Policies;

/// <summary>What the owner of a machine decided for it.</summary>
/// <param name="Base">Where the base image is kept along the chain.</param>
/// <param name="GraceSeconds">How long an object that is no longer listed stays for readers.</param>
public sealed record MachinePolicy(BaseRuleSettings Base, int GraceSeconds)
{
    /// <summary>Which versions are kept; null keeps all.</summary>
    public KeepSettings? Keep { get; init; }

    /// <summary>
    /// How reverse incrementals get colder with age, the warmest rung first; null or empty leaves
    /// them where they were written.
    /// </summary>
    public IReadOnlyList<LadderRung>? Ladder { get; init; }

    /// <summary>Which device the base is kept on and which the deltas; null: the store's own.</summary>
    public PlacementSettings? Placement { get; init; }

    /// <summary>How archived data is brought back; null: by copy, without hurry.</summary>
    public RehydrationSettings? Rehydration { get; init; }

    /// <summary>How often what is stored is looked over; null: never by itself.</summary>
    public VerifySettings? Verify { get; init; }

    /// <summary>
    /// What a new machine gets: the base at the newest version, ten minutes of grace, versions
    /// thinned by the calendar, deltas to Cool after a week and to Cold after a quarter where that
    /// pays, nothing archived, a quick look every day and every online byte read once in 30 days.
    /// </summary>
    public static MachinePolicy Default { get; } = new(BaseRuleSettings.Default, 600)
    {
        Keep = KeepSettings.Default,
        Ladder = LadderRung.Default,
        Verify = VerifySettings.Default,
    };

    /// <summary>Whether it says the same as another one, rung by rung.</summary>
    public bool Equals(MachinePolicy? other) =>
        other is not null && Base == other.Base && GraceSeconds == other.GraceSeconds
        && Keep == other.Keep && (Ladder ?? []).SequenceEqual(other.Ladder ?? [])
        && Placement == other.Placement && Rehydration == other.Rehydration
        && Verify == other.Verify;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        Base, GraceSeconds, Keep, Ladder?.Count ?? 0, Placement, Rehydration, Verify);
}
