namespace SnapshotFunctions.Engine.Planning.Tiering;

/// <summary>What is to become of an object.</summary>
public enum TierAction
{
    /// <summary>It stays where it is.</summary>
    Stay,

    /// <summary>It moves to a tier by itself.</summary>
    Move,

    /// <summary>It is copied into a pack in a tier.</summary>
    Pack,
}
