using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>Where the base image is kept along the chain.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Forwards">After how many forward incrementals the base moves; 1 or more.</param>
public sealed record BaseRuleSettings(string Kind, int Forwards)
{
    /// <summary>The base moves to the newest version after every snapshot.</summary>
    public const string Newest = "newest";

    /// <summary>
    /// The base moves to the newest version once this many forward incrementals, or this many bytes
    /// of them, lie after it.
    /// </summary>
    public const string AfterForwards = "after-forwards";

    /// <summary>The base moves to the newest version that is not about to expire.</summary>
    public const string Lasting = "lasting";

    /// <summary>The base moves to the version that is read most, if one is read often.</summary>
    public const string MostRead = "most-read";

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        [Newest, AfterForwards, Lasting, MostRead];

    /// <summary>
    /// Bytes of changed sectors in forward incrementals after which the base moves, however few
    /// they are; 0: their bytes do not count.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Bytes { get; init; }

    /// <summary>
    /// With <see cref="Lasting"/>: a version that is expected to go within so many days is about to
    /// expire.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LastingDays { get; init; }

    /// <summary>
    /// With <see cref="MostRead"/>: a version that was read on so many occasions of late is read
    /// often.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Reads { get; init; }

    /// <summary>Newest after every snapshot; the same as after one forward.</summary>
    public static BaseRuleSettings Default { get; } = new(Newest, 1);

    /// <summary>The base moves only when it is told to.</summary>
    public static BaseRuleSettings Keep { get; } = new(AfterForwards, int.MaxValue);
}
