namespace SnapshotFunctions.TestShared.Stores;

/// <summary>
/// Where an emulator is known to fall short of the service it stands for. The contract then checks
/// a weaker statement at that point; the product relies on none of these for what it keeps.
/// </summary>
[Flags]
public enum StoreShortcomings
{
    /// <summary>The whole contract holds.</summary>
    None = 0,

    /// <summary>Staged blocks outlive a Put or a delete of their object's name.</summary>
    StagedBlocksOutliveTheObject = 1,

    /// <summary>A block list may be committed over an archived object.</summary>
    CommitsOverTheArchive = 2,
}
