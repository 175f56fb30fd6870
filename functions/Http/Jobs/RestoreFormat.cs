namespace SnapshotFunctions.Http.Jobs;

/// <summary>What a restore writes.</summary>
public enum RestoreFormat
{
    /// <summary>The disk's bytes as they are; sparse where the target can be.</summary>
    Raw,

    /// <summary>A qcow2 image.</summary>
    Qcow2,

    /// <summary>A fixed VHD.</summary>
    Vhd,

    /// <summary>A dynamic VHDX.</summary>
    Vhdx,

    /// <summary>A stream-optimized VMDK.</summary>
    Vmdk,
}
