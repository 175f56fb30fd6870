namespace SnapshotFunctions.Engine.Ports;

/// <summary>How warm an object is kept, hottest first. Stored by name.</summary>
public enum StorageTier
{
    /// <summary>The account's only tier (Premium), or no tier of its own.</summary>
    Default,

    /// <summary>Read at once, cheapest to read.</summary>
    Hot,

    /// <summary>Read at once; minimum stay 30 days.</summary>
    Cool,

    /// <summary>Read at once; minimum stay 90 days.</summary>
    Cold,

    /// <summary>Bytes unreadable before rehydration; minimum stay 180 days.</summary>
    Archive,
}
