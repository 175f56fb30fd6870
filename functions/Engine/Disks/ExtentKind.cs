namespace SnapshotFunctions.Engine.Disks;

/// <summary>Where the content of an extent comes from.</summary>
public enum ExtentKind
{
    /// <summary>The image holds bytes for it; they may still be zeros.</summary>
    Data,

    /// <summary>The image says that it reads as zeros, without storing them.</summary>
    Zero,

    /// <summary>The image leaves it to its parent.</summary>
    Parent,
}
