namespace SnapshotFunctions.TestShared.Stores;

/// <summary>One call of a simulated store.</summary>
/// <param name="Number">Its number in its process, from 1, across all stores of the process.</param>
/// <param name="Kind">Which call.</param>
/// <param name="Name">The object, or the prefix of a listing.</param>
/// <param name="Bytes">The bytes of content it carries in or asks for.</param>
/// <param name="Store">The store's description, to tell base and delta apart.</param>
public sealed record StoreOperation(
    long Number, StoreOperationKind Kind, string Name, long Bytes, string Store)
{
    /// <summary>Whether it may change what the store holds.</summary>
    public bool Writes => Kind is StoreOperationKind.Put or StoreOperationKind.StageBlock
        or StoreOperationKind.CommitBlocks or StoreOperationKind.Delete
        or StoreOperationKind.SetTier
        or StoreOperationKind.Copy;
}
