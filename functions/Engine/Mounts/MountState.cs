namespace SnapshotFunctions.Engine.Mounts;

/// <summary>How a writable mount stands.</summary>
public enum MountState
{
    /// <summary>It is written down, and its version may not be pinned yet.</summary>
    Opening,

    /// <summary>It can be read and written.</summary>
    Open,

    /// <summary>A job makes a version of it: it can be read, and nothing is written any more.</summary>
    Committing,

    /// <summary>The version is made; what was written goes.</summary>
    Committed,

    /// <summary>It was dropped; what was written goes.</summary>
    Discarding,
}
