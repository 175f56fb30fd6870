namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>
/// How far a look at a machine's objects has come: first the deltas by version, then the packs.
/// </summary>
/// <param name="Version">The version whose deltas are next; the packs' mark: all were seen.</param>
/// <param name="Skip">How many of its deltas, or of the packs, were seen already.</param>
public sealed record TierCursor(int Version, int Skip)
{
    /// <summary>What stands for the packs.</summary>
    public const int PacksMark = int.MaxValue;

    /// <summary>Before everything.</summary>
    public static TierCursor Start { get; } = new(1, 0);

    /// <summary>Before the first pack.</summary>
    public static TierCursor Packs { get; } = new(PacksMark, 0);
}
