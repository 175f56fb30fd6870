namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>What there is of a machine that is to be deleted.</summary>
public enum PurgeState
{
    /// <summary>It is as any machine.</summary>
    Kept,

    /// <summary>It is marked: it can be read, and nothing changes it.</summary>
    Marked,

    /// <summary>Its manifest is gone and its other objects are being deleted.</summary>
    Going,
}
