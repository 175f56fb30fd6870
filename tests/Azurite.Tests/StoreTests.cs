using System.Text;
using SnapshotFunctions.AzureStore;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>What the tests of the store share: a store in a container of its own.</summary>
[Collection(AzuriteCollection.Name)]
public abstract class StoreTests(AzuriteFixture azurite)
{
    /// <summary>The Azurite that the tests run against.</summary>
    protected AzuriteFixture Azurite { get; } = azurite;

    /// <summary>Opens the base placement of a new pair of containers.</summary>
    protected async Task<IObjectStore> OpenAsync(AzureStoreOptions? options = null) =>
        (await OpenBothAsync(options)).Base;

    /// <summary>Opens a new pair of containers on the first account.</summary>
    protected Task<AzurePlacements> OpenBothAsync(AzureStoreOptions? options = null) =>
        AzurePlacements.OpenAsync(
            Azurite.First,
            (options ?? new AzureStoreOptions()) with
            {
                BaseContainer = Azurite.NewContainer(),
                DeltaContainer = Azurite.NewContainer(),
            });

    /// <summary>Options with a transport of the test's, and retries that do not wait.</summary>
    private protected static AzureStoreOptions Through(
        FaultyTransport transport, int retries = 2) => new()
    {
        Transport = transport,
        MaxRetries = retries,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MostRetryDelay = TimeSpan.FromMilliseconds(1),
    };

    /// <summary>A block id of fixed length.</summary>
    protected static string Id(int number) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"block-{number:D6}"));

    /// <summary>A reference to a block of the object as it stands.</summary>
    protected static BlockReference Kept(int number) => new(Id(number), Committed: true);

    /// <summary>A reference to a staged block.</summary>
    protected static BlockReference Staged(int number) => new(Id(number), Committed: false);

    /// <summary>Bytes of a text.</summary>
    protected static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    /// <summary>The bytes of an object, as text.</summary>
    protected static async Task<string> ReadTextAsync(IObjectStore store, string name) =>
        Encoding.ASCII.GetString((await store.ReadWholeAsync(name, 1 << 20)).Content);
}
