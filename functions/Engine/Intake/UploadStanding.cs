namespace SnapshotFunctions.Engine.Intake;

/// <summary>Whether an upload can be taken now. Stored by name.</summary>
public enum UploadStanding
{
    /// <summary>It can.</summary>
    Ready,

    /// <summary>An older upload of its machine goes first.</summary>
    Behind,

    /// <summary>It waits for the file that binds its disks.</summary>
    Incomplete,

    /// <summary>It is not there, or not in that state.</summary>
    Changed,
}
