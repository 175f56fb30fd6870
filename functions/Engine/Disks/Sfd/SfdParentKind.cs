namespace SnapshotFunctions.Engine.Disks.Sfd;

/// <summary>How a changed-block file names what it was taken against, as its header numbers it.</summary>
public enum SfdParentKind
{
    /// <summary>It says nothing.</summary>
    None = 0,

    /// <summary>A version's number.</summary>
    Version = 1,

    /// <summary>The fingerprint of a version, or its node of the disk: 64 hexadecimal digits.</summary>
    Fingerprint = 2,

    /// <summary>An identifier that the feed has of its own: the parent's own identifier.</summary>
    Identifier = 3,
}
