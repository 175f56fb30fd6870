namespace SnapshotFunctions.TestShared.Stores;

/// <summary>The calls of an object store, as they are counted and faulted.</summary>
public enum StoreOperationKind
{
    /// <summary>PutAsync.</summary>
    Put,

    /// <summary>FindAsync.</summary>
    Find,

    /// <summary>ReadAsync.</summary>
    Read,

    /// <summary>ReadWholeAsync.</summary>
    ReadWhole,

    /// <summary>StageBlockAsync.</summary>
    StageBlock,

    /// <summary>CommitBlocksAsync.</summary>
    CommitBlocks,

    /// <summary>GetBlocksAsync.</summary>
    GetBlocks,

    /// <summary>ListAsync; one for every 5,000 objects begun.</summary>
    List,

    /// <summary>DeleteAsync.</summary>
    Delete,

    /// <summary>SetTierAsync.</summary>
    SetTier,

    /// <summary>CopyAsync; the bytes pass through nobody and are not counted.</summary>
    Copy,
}
