namespace SnapshotFunctions.Engine.Check;

/// <summary>What a finding means. Stored by name.</summary>
public enum FindingSeverity
{
    /// <summary>No version is affected.</summary>
    Warning,

    /// <summary>A version cannot be restored, or a safety copy is lost.</summary>
    Error,
}
