using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>A clone to make.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Origin">The version that is pinned for it.</param>
/// <param name="Lists">
/// Whether that version becomes the clone's first; else its first snapshot does, stored against it.
/// </param>
public sealed record CreateCloneInput(string Name, OriginRecord Origin, bool Lists);
