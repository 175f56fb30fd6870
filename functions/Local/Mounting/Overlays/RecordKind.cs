namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>What a record of a journal says.</summary>
internal enum RecordKind
{
    /// <summary>A sector's content lies in the data file.</summary>
    Data = 1,

    /// <summary>Some sectors are zeros.</summary>
    Zero = 2,

    /// <summary>Whole pages are zeros.</summary>
    ZeroPages = 3,

    /// <summary>The data of the records before is durable.</summary>
    Mark = 4,
}
