using Azure.Storage.Blobs;
using SnapshotFunctions.AzureStore;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>Opening the two placements from a setting, and that no secret is ever told.</summary>
public sealed class PlacementTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task One_account_has_both_containers_which_are_made_on_first_use()
    {
        var options = new AzureStoreOptions
        {
            BaseContainer = Azurite.NewContainer(),
            DeltaContainer = Azurite.NewContainer(),
        };
        var placements = await AzurePlacements.OpenAsync(Azurite.First, options);
        await placements.Base.PutAsync("a", Text("base"), WriteOptions.Create());
        await placements.Delta.PutAsync("a", Text("delta"), WriteOptions.Create());

        var again = await AzurePlacements.OpenAsync(Azurite.First, options);
        Assert.Equal("base", await ReadTextAsync(again.Base, "a"));
        Assert.Equal("delta", await ReadTextAsync(again.Delta, "a"));
    }

    [Fact]
    public async Task Two_accounts_have_a_placement_each_even_under_one_container_name()
    {
        var name = Azurite.NewContainer();
        var options = new AzureStoreOptions { BaseContainer = name, DeltaContainer = name };
        var placements = await AzurePlacements.OpenAsync(
            $"{Azurite.First} , {Azurite.Second}", options);
        await placements.Base.PutAsync("a", Text("base"), WriteOptions.Create());
        await placements.Delta.PutAsync("a", Text("delta"), WriteOptions.Create());

        Assert.Equal("base", await BlobAsync(Azurite.First));
        Assert.Equal("delta", await BlobAsync(Azurite.Second));
        Assert.Contains("/first/", placements.Base.Description, StringComparison.Ordinal);
        Assert.Contains("/second/", placements.Delta.Description, StringComparison.Ordinal);

        async Task<string> BlobAsync(string account) =>
            (await new BlobContainerClient(account, name).GetBlobClient("a").DownloadContentAsync())
                .Value.Content.ToString();
    }

    [Fact]
    public async Task A_shared_access_signature_works_and_is_never_told()
    {
        var name = Azurite.NewContainer();
        var account = new BlobServiceClient(Azurite.First);
        await account.CreateBlobContainerAsync(name);
        var signed = account.GenerateAccountSasUri(
            Azure.Storage.Sas.AccountSasPermissions.All,
            DateTimeOffset.UtcNow.AddHours(1),
            Azure.Storage.Sas.AccountSasResourceTypes.All);
        var signature = signed.Query.TrimStart('?');
        var placements = await AzurePlacements.OpenAsync(
            $"BlobEndpoint={account.Uri};SharedAccessSignature={signature}",
            new AzureStoreOptions
            {
                BaseContainer = name,
                DeltaContainer = Azurite.NewContainer(),
            });

        var store = placements.Base;
        await store.StageBlockAsync("a", Id(1), Text("signed"));
        var done = await store.CommitBlocksAsync("a", [Staged(1)], WriteOptions.Create());
        Assert.Equal("signed", await ReadTextAsync(store, "a"));

        var errors = new Exception[]
        {
            await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.ReadWholeAsync("b", 1)),
            await Assert.ThrowsAsync<OvertakenException>(
                () => store.CommitBlocksAsync("a", [Staged(1)], WriteOptions.Create())),
            await Assert.ThrowsAsync<StoreRefusedException>(
                () => store.ReadAsync("a", 100, new byte[1])),
        };
        Assert.All(errors, error =>
            Assert.DoesNotContain("sig=", error.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain('?', store.Description);
        Assert.NotNull(done.ETag);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_with_the_container_and_the_role_and_no_secret()
    {
        var wrong = Convert.ToBase64String(new byte[64]);
        var setting = Azurite.First.Replace(Azurite.Key, wrong, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<StoreRefusedException>(
            () => AzurePlacements.OpenAsync(setting));

        Assert.Contains("container 'base'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Storage Blob Data Contributor", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SharedKey", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_was_deleted_is_not_taken_for_an_empty_one()
    {
        var name = Azurite.NewContainer();
        var placements = await AzurePlacements.OpenAsync(
            Azurite.First, new AzureStoreOptions { BaseContainer = name });
        await new BlobContainerClient(Azurite.First, name).DeleteAsync();

        await Assert.ThrowsAsync<StoreRefusedException>(() => placements.Base.FindAsync("a"));
        await Assert.ThrowsAsync<StoreRefusedException>(() => placements.Base.DeleteAsync("a"));
        await Assert.ThrowsAsync<StoreRefusedException>(
            () => placements.Base.ReadWholeAsync("a", 1));
    }

    [Theory]
    [InlineData("https://account.blob.core.windows.net", true)]
    [InlineData("https://a.blob.core.windows.net/,https://b.z1.blob.storage.azure.net", true)]
    [InlineData("UseDevelopmentStorage=true", true)]
    [InlineData("AccountName=a;AccountKey=AAAA;EndpointSuffix=x", true)]
    [InlineData("/srv/store", false)]
    [InlineData("C:\\store", false)]
    [InlineData("store,delta", false)]
    [InlineData("https://example.com/blob", false)]
    [InlineData("", false)]
    public void A_setting_for_Azure_is_told_from_a_folder(string setting, bool expected) =>
        Assert.Equal(expected, AzurePlacements.Recognises(setting));

    [Theory]
    [InlineData("http://account.blob.core.windows.net", "https")]
    [InlineData("https://account.blob.core.windows.net/base", "'/base'")]
    [InlineData("https://account.blob.core.windows.net?sv=1&sig=secret", "signature")]
    [InlineData("https://account.blob.core.windows.net,", "connection string")]
    [InlineData("https://a.blob.core.windows.net,https://b.blob.core.windows.net,x", "3 parts")]
    [InlineData("AccountName=account;AccountKey=secret!", "not whole")]
    [InlineData("AccountName=account;secret", "not whole")]
    [InlineData("BlobEndpoint=secret", "not whole")]
    public async Task A_malformed_setting_is_refused_with_what_is_wrong_and_no_secret(
        string setting, string told)
    {
        var error = await Assert.ThrowsAsync<RefusedException>(
            () => AzurePlacements.OpenAsync(setting));

        Assert.Equal("refused-store-setting", error.Code);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Base")]
    [InlineData("-base")]
    [InlineData("base-")]
    [InlineData("ba--se")]
    [InlineData("ba/se")]
    public async Task A_container_name_that_Azure_would_not_take_is_refused(string name)
    {
        var error = await Assert.ThrowsAsync<RefusedException>(() => AzurePlacements.OpenAsync(
            Azurite.First, new AzureStoreOptions { BaseContainer = name }));
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_container_for_both_placements_is_refused() =>
        await Assert.ThrowsAsync<RefusedException>(() => AzurePlacements.OpenAsync(
            Azurite.First,
            new AzureStoreOptions { BaseContainer = "one", DeltaContainer = "one" }));
}
