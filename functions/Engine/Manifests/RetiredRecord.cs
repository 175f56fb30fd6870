namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// Objects that are no longer listed and that nobody may read once the grace period has passed.
/// They are never listed again.
/// </summary>
public sealed record RetiredRecord
{
    /// <summary>The operation that took them out of the lists; 0 for a rewrite of a page.</summary>
    public required long Operation { get; init; }

    /// <summary>They may be deleted after this.</summary>
    public required DateTimeOffset SweepAfter { get; init; }

    /// <summary>Deltas to delete, in the delta placement.</summary>
    public IReadOnlyList<DeltaSet> Deltas { get; init; } = [];

    /// <summary>
    /// Names to delete: pages, tables and machine files in the base placement, merged indexes and
    /// copies of archived objects in the delta one. One that ends in a slash stands for all that
    /// lies below it in its placement.
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether it says the same as another one, element by element.</summary>
    internal bool SameAs(RetiredRecord other) =>
        Operation == other.Operation
        && SweepAfter == other.SweepAfter
        && Deltas.SequenceEqual(other.Deltas)
        && Names.SequenceEqual(other.Names, StringComparer.Ordinal);
}
