using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Http.Machines;

/// <summary>Somebody needs a version.</summary>
/// <param name="Owner">Who: <c>user</c>, <c>clone:NAME</c>, <c>job:ID</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Time">Since when.</param>
public sealed record PinDocument(string Owner, string? Reason, DateTimeOffset Time)
{
    /// <summary>The document of a pin.</summary>
    public static PinDocument Of(PinRecord pin) => new(pin.Owner, pin.Reason, pin.Time);
}
