namespace SnapshotFunctions.Http.Machines;

/// <summary>How a version is kept.</summary>
public enum VersionRole
{
    /// <summary>Whole.</summary>
    Base,

    /// <summary>As reverse incrementals, from a newer version.</summary>
    Reverse,

    /// <summary>As forward incrementals, from an older version.</summary>
    Forward,
}
