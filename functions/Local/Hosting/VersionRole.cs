namespace SnapshotFunctions.Local.Hosting;

/// <summary>How a version is kept.</summary>
internal enum VersionRole
{
    /// <summary>Whole.</summary>
    Base,

    /// <summary>As reverse incrementals, from a newer version.</summary>
    Reverse,

    /// <summary>As forward incrementals, from an older version.</summary>
    Forward,
}
