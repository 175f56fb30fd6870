namespace SnapshotFunctions.Engine.Intake;

/// <summary>What became of an upload. Stored by name.</summary>
public enum UploadOutcome
{
    /// <summary>It is a version now, and its files are gone.</summary>
    Taken,

    /// <summary>It was put aside.</summary>
    Quarantined,

    /// <summary>It is not there, or not in the state it was seen in: that state is another's.</summary>
    Changed,

    /// <summary>It waits for the file that binds its disks.</summary>
    Incomplete,
}
