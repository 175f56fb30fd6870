using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>How soon archived data is wanted back for a restore.</summary>
public enum RehydrationWish
{
    /// <summary>As the machine's policy says.</summary>
    Usual,

    /// <summary>Within 15 hours.</summary>
    Standard,

    /// <summary>Dearer, and about 10 GiB an hour.</summary>
    High,
}
