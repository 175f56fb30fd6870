namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>A version that has expired but must stay in the lists for a while.</summary>
/// <param name="Version">The version.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record HiddenVersion(int Version, string Reason);
