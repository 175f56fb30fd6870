using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>When what upkeep does for a machine was done last; null for never.</summary>
public sealed record UpkeepRecord
{
    /// <summary>Retention by the policy.</summary>
    public DateTimeOffset? Retention { get; init; }

    /// <summary>Moves down the ladder of tiers.</summary>
    public DateTimeOffset? Tiering { get; init; }

    /// <summary>A quick look at all objects.</summary>
    public DateTimeOffset? Quick { get; init; }

    /// <summary>A share of the online bytes was read.</summary>
    public DateTimeOffset? Share { get; init; }

    /// <summary>
    /// The share that is read next. It moves on only when a share was read whole, so that a stop
    /// in between leaves nothing out.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int NextShare { get; init; }
}
