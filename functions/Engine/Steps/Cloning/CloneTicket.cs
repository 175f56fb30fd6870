using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>A version that is pinned for a clone.</summary>
/// <param name="Origin">
/// What the clone begins from; null: the machine reads through too many origins itself and must be
/// flattened first, and nothing was pinned.
/// </param>
public sealed record CloneTicket(OriginRecord? Origin);
