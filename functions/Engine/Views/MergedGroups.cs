namespace SnapshotFunctions.Engine.Views;

/// <summary>Which versions a merged index spans: a group of 16^level, aligned to its size.</summary>
public static class MergedGroups
{
    /// <summary>How many deltas of one level make one of the next.</summary>
    public const int Width = 16;

    /// <summary>Versions that a group of a level spans.</summary>
    public static int Span(int level) => 1 << (4 * level);

    /// <summary>The version that a group leads to.</summary>
    public static int Lower(int level, int group) => group * Span(level);

    /// <summary>The version that a group begins at: its highest.</summary>
    public static int Upper(int level, int group) => (group + 1) * Span(level);
}
