namespace SnapshotFunctions.Engine.Disks.Vhd;

/// <summary>The kinds of VHD, as the footer numbers them.</summary>
internal enum VhdKind
{
    /// <summary>The disk as it is, and a footer behind it.</summary>
    Fixed = 2,

    /// <summary>Blocks where something was written.</summary>
    Dynamic = 3,

    /// <summary>Sectors that differ from a parent.</summary>
    Differencing = 4,
}
