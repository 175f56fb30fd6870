namespace SnapshotFunctions.Engine.Policies;

/// <summary>Where the base image is kept along the chain.</summary>
/// <param name="Kind"><see cref="Newest"/> or <see cref="AfterForwards"/>.</param>
/// <param name="Forwards">After how many forward incrementals the base moves; 1 or more.</param>
public sealed record BaseRuleSettings(string Kind, int Forwards)
{
    /// <summary>The base moves to the newest version after every snapshot.</summary>
    public const string Newest = "newest";

    /// <summary>The base moves once this many forward incrementals lie after it.</summary>
    public const string AfterForwards = "after-forwards";

    /// <summary>Newest after every snapshot; the same as after one forward.</summary>
    public static BaseRuleSettings Default { get; } = new(Newest, 1);
}
