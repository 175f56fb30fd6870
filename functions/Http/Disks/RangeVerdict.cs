namespace SnapshotFunctions.Http.Disks;

/// <summary>How a request that may name ranges is answered.</summary>
internal enum RangeVerdict
{
    /// <summary>200 with all bytes.</summary>
    Whole,

    /// <summary>206 with one range, or with several parts.</summary>
    Partial,

    /// <summary>416: no range has a byte of the disk.</summary>
    NotSatisfiable,

    /// <summary>416: more ranges than one request may name.</summary>
    TooMany,
}
