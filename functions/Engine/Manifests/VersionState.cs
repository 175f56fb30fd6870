namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Whether a version can be restored. Stored by name.</summary>
public enum VersionState
{
    /// <summary>It can be restored.</summary>
    Ready,

    /// <summary>It was undone; the base is on its way back from it.</summary>
    Withdrawn,

    /// <summary>It has expired, but its bytes are not let go yet.</summary>
    Hidden,
}
