using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>A legal hold on a machine: nothing of it expires while this stands.</summary>
/// <param name="Reason">Why, for people.</param>
/// <param name="Time">Since when.</param>
public sealed record HoldRecord(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason,
    DateTimeOffset Time);
