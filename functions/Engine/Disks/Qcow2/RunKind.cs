namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>Where a run of a qcow2 image's disk comes from.</summary>
internal enum RunKind
{
    /// <summary>Nothing is mapped: zeros, or the backing file's content.</summary>
    Unallocated,

    /// <summary>Zeros, whatever the backing file holds.</summary>
    Zero,

    /// <summary>Bytes of the file as they are.</summary>
    Data,

    /// <summary>A part of one compressed cluster.</summary>
    Compressed,
}
