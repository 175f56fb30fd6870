namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Somebody needs a version: it does not expire while this stands.</summary>
/// <param name="Version">The version.</param>
/// <param name="Owner">Who: <c>user</c>, <c>clone:NAME</c>, <c>job:ID</c>; one pin an owner.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Time">Since when.</param>
public sealed record PinRecord(int Version, string Owner, string? Reason, DateTimeOffset Time);
