using SnapshotFunctions.Engine.Planning.Tiering;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>Some objects of a machine, as tiering sees them.</summary>
/// <param name="Candidates">The objects, each with the cursor behind it.</param>
/// <param name="Next">Where to go on; null: that was all.</param>
public sealed record TierWindow(
    IReadOnlyList<(TierCandidate Object, TierCursor After)> Candidates, TierCursor? Next);
