using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>How many requests a call costs, and what they carry.</summary>
public sealed class RequestTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task The_largest_put_is_one_request_with_tier_metadata_and_condition()
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        transport.Forget();
        var put = await store.PutAsync(
            "large", new byte[64 << 20],
            WriteOptions.Create(StorageTier.Cold) with
            {
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["kind"] = "delta",
                },
            });

        Assert.Equal(["PUT "], transport.Sent);
        Assert.Equal("*", transport.LastHeaders["If-None-Match"]);
        Assert.Equal("Cold", transport.LastHeaders["x-ms-access-tier"]);
        Assert.Equal("delta", transport.LastHeaders["x-ms-meta-kind"]);
        Assert.Contains("x-ms-content-crc64", transport.LastHeaders);
        Assert.Contains(
            "SnapshotFunctions", transport.LastHeaders["User-Agent"], StringComparison.Ordinal);
        Assert.Equal(StorageTier.Cold, (await store.FindAsync("large"))!.Tier);
        Assert.Equal(64 << 20, put.LengthBytes);
    }

    [Fact]
    public async Task A_block_is_staged_in_one_checked_request()
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        transport.Forget();
        await store.StageBlockAsync("base", Id(1), new byte[8 << 20]);

        var sent = Assert.Single(transport.Sent);
        Assert.StartsWith("PUT ?comp=block&", sent, StringComparison.Ordinal);
        Assert.Contains("x-ms-content-crc64", transport.LastHeaders);
    }

    [Fact]
    public async Task Finding_and_reading_are_one_request_each()
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        var put = await store.PutAsync("a", Text("0123456789"), WriteOptions.Create());
        transport.Forget();
        var some = new byte[3];
        await store.FindAsync("a");
        await store.ReadAsync("a", 4, some, put.ETag);
        await store.ReadWholeAsync("a", 10);

        Assert.Equal(["HEAD ", "GET ", "GET "], transport.Sent);
        Assert.Equal("456"u8.ToArray(), some);
    }

    [Fact]
    public async Task A_list_longer_than_a_page_is_asked_for_a_page_at_a_time()
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        await Parallel.ForAsync(0, 5_003, async (i, cancellation) =>
            await store.PutAsync($"many/{i}", Text("x"), new WriteOptions(), cancellation));
        transport.Forget();
        var names = new List<string>();
        await foreach (var found in store.ListAsync("many/"))
            names.Add(found.Name);

        Assert.Equal(5_003, names.Count);
        Assert.Equal(names.Order(StringComparer.Ordinal), names, StringComparer.Ordinal);
        Assert.Equal(2, transport.Sent.Count);
    }

    [Fact]
    public async Task An_account_without_tiers_is_sent_none()
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport) with { PremiumBase = true });
        var put = await store.PutAsync("a", Text("x"), WriteOptions.Create(StorageTier.Hot));
        Assert.DoesNotContain("x-ms-access-tier", transport.LastHeaders);
        Assert.Equal(StorageTier.Default, put.Tier);

        await store.StageBlockAsync("b", Id(1), Text("x"));
        transport.Forget();
        await store.CommitBlocksAsync("b", [Staged(1)], WriteOptions.Create(StorageTier.Hot));
        Assert.Equal(["PUT ?comp=blocklist", "HEAD "], transport.Sent);
        Assert.Equal(StorageTier.Default, (await store.FindAsync("b"))!.Tier);
        await Assert.ThrowsAsync<StoreRefusedException>(
            () => store.SetTierAsync("a", StorageTier.Cool));
    }

    [Fact]
    public async Task A_tier_that_was_not_named_is_told_as_default()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Text("x"), WriteOptions.Create(StorageTier.Default));

        Assert.Equal(StorageTier.Default, (await store.FindAsync("a"))!.Tier);
        await foreach (var found in store.ListAsync(""))
            Assert.Equal(StorageTier.Default, found.Tier);
    }
}
