namespace SnapshotFunctions.Http.Disks;

/// <summary>How long what was answered of a disk stays true.</summary>
internal enum DiskFreshness
{
    /// <summary>A version by its number: for good.</summary>
    Fixed,

    /// <summary>The newest version, which is another one at times.</summary>
    Latest,

    /// <summary>A mount that is written to: not at all.</summary>
    Changing,
}
