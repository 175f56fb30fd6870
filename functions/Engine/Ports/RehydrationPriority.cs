namespace SnapshotFunctions.Engine.Ports;

/// <summary>How soon an archived object is wanted back.</summary>
public enum RehydrationPriority
{
    /// <summary>Within 15 hours.</summary>
    Standard,

    /// <summary>Dearer, and often within an hour while less than 10 GB are asked for at once.</summary>
    High,
}
