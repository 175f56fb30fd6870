namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>Where a sector's content is.</summary>
internal enum EntryKind
{
    /// <summary>In what lies below the overlay.</summary>
    Below,

    /// <summary>Nowhere: it reads as zeros.</summary>
    Zero,

    /// <summary>In the overlay's data file.</summary>
    Data,
}
