using SnapshotFunctions.AzureStore;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>The store on Azure keeps the contract of every store.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class AzureBlobStoreContract(AzuriteFixture azurite) : ObjectStoreContract
{
    /// <summary>
    /// The service drops staged blocks with a Put or a delete, and has nothing to delete where
    /// there are only such; not so Azurite. A commit over the archive, which Azurite lets through
    /// as well, is refused by the store itself.
    /// </summary>
    protected override StoreShortcomings Shortcomings =>
        StoreShortcomings.StagedBlocksOutliveTheObject
        | StoreShortcomings.DeletesWhatIsOnlyStaged;

    /// <inheritdoc/>
    protected override async Task<IObjectStore> OpenAsync() =>
        (await AzurePlacements.OpenAsync(
            azurite.First,
            new AzureStoreOptions
            {
                BaseContainer = azurite.NewContainer(),
                DeltaContainer = azurite.NewContainer(),
            }))
        .Base;
}
