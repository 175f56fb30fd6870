namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>What is to become of a version, and why.</summary>
/// <param name="Version">The version.</param>
/// <param name="Time">Its time.</param>
/// <param name="Reasons">Every reason to keep it, in words; none: it expires.</param>
public sealed record VersionMark(int Version, DateTimeOffset Time, IReadOnlyList<string> Reasons)
{
    /// <summary>Whether it stays.</summary>
    public bool IsKept => Reasons.Count > 0;
}
