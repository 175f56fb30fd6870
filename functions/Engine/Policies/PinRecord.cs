using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>Somebody needs a version: it does not expire while this stands.</summary>
/// <param name="Version">The version.</param>
/// <param name="Owner">Who: <c>user</c>, <c>clone:NAME</c>, <c>job:ID</c>; one pin an owner.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Time">Since when.</param>
public sealed record PinRecord(
    int Version, string Owner,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason,
    DateTimeOffset Time)
{
    /// <summary>The most pins that a machine may have.</summary>
    public const int MostPins = 10_000;

    /// <summary>The owner of a pin that a person set.</summary>
    public const string User = "user";

    /// <summary>Whether this text may name an owner: 1 to 128 printable ASCII characters.</summary>
    public static bool IsOwner(string owner) =>
        owner.Length is >= 1 and <= 128 && !owner.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>The order that pins are kept in: by version, then owner.</summary>
    public static int Compare(PinRecord left, PinRecord right)
    {
        var byVersion = left.Version.CompareTo(right.Version);
        return byVersion != 0 ? byVersion : string.CompareOrdinal(left.Owner, right.Owner);
    }
}
