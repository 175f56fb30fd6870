using System.Net.Sockets;
using Azure.Core;
using SnapshotFunctions.AzureStore;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>Which of the port's errors each answer and each failure becomes.</summary>
public sealed class ErrorTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Theory]
    [InlineData(412, "ConditionNotMet", typeof(OvertakenException))]
    [InlineData(412, "LeaseIdMissing", typeof(StoreRefusedException))]
    [InlineData(409, "BlobAlreadyExists", typeof(OvertakenException))]
    [InlineData(400, "InvalidBlockList", typeof(OvertakenException))]
    [InlineData(404, "BlobNotFound", typeof(OvertakenException))]
    [InlineData(404, "ContainerNotFound", typeof(StoreRefusedException))]
    [InlineData(409, "BlobArchived", typeof(ObjectArchivedException))]
    [InlineData(409, "BlobImmutableDueToPolicy", typeof(StoreRefusedException))]
    [InlineData(409, "ContainerBeingDeleted", typeof(StoreBusyException))]
    [InlineData(400, "Crc64Mismatch", typeof(StoreBusyException))]
    [InlineData(400, "InvalidHeaderValue", typeof(StoreRefusedException))]
    [InlineData(401, "InvalidAuthenticationInfo", typeof(StoreRefusedException))]
    [InlineData(403, "AuthorizationPermissionMismatch", typeof(StoreRefusedException))]
    [InlineData(429, "TooManyRequests", typeof(StoreBusyException))]
    [InlineData(500, "OperationTimedOut", typeof(StoreBusyException))]
    [InlineData(503, "ServerBusy", typeof(StoreBusyException))]
    public async Task A_write_tells_what_the_service_answered(
        int status, string code, Type expected)
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        transport.Instead = _ => new FakeAnswer(status, code);

        var put = await Assert.ThrowsAsync(
            expected, () => store.PutAsync("a", Text("x"), WriteOptions.Create()));
        var commit = await Assert.ThrowsAsync(
            expected, () => store.CommitBlocksAsync("a", [Staged(1)], WriteOptions.Create()));
        Assert.Equal(put.Message, commit.Message);
        Assert.Equal("a", ((StoreException)put).ObjectName);
    }

    [Theory]
    [InlineData(412, "ConditionNotMet", typeof(OvertakenException))]
    [InlineData(404, "BlobNotFound", typeof(ObjectNotFoundException))]
    [InlineData(404, "ContainerNotFound", typeof(StoreRefusedException))]
    [InlineData(416, "InvalidRange", typeof(StoreRefusedException))]
    public async Task A_read_tells_what_the_service_answered(int status, string code, Type expected)
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        transport.Instead = _ => new FakeAnswer(status, code);

        await Assert.ThrowsAsync(expected, () => store.ReadAsync("a", 0, new byte[3], "0x1"));
    }

    [Theory]
    [InlineData(429, "Retry-After", "7", 7_000)]
    [InlineData(503, "Retry-After", "Sun, 01 Nov 2026 00:00:07 GMT", 7_000)]
    [InlineData(503, "x-ms-retry-after-ms", "250", 250)]
    public async Task A_busy_service_may_say_how_long_to_wait(
        int status, string header, string value, int expectedMilliseconds)
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport, retries: 0));
        transport.Instead = _ => new FakeAnswer(status, "ServerBusy")
        {
            ["Date"] = "Sun, 01 Nov 2026 00:00:00 GMT",
            [header] = value,
        };

        var error = await Assert.ThrowsAsync<StoreBusyException>(() => store.FindAsync("a"));
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMilliseconds), error.RetryAfter);
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_as_often_as_the_options_say()
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport, retries: 3));
        await store.PutAsync("a", Text("x"), WriteOptions.Create());
        transport.Forget();
        transport.Instead = _ =>
            transport.Sent.Count <= 3 ? new FakeAnswer(503, "ServerBusy") : null;

        Assert.NotNull(await store.FindAsync("a"));
        Assert.Equal(4, transport.Sent.Count);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(SocketException))]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(TimeoutException))]
    public async Task A_network_that_fails_makes_the_store_busy(Type failure)
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        transport.Instead = _ => throw (Exception)Activator.CreateInstance(failure)!;

        await Assert.ThrowsAsync<StoreBusyException>(() => store.FindAsync("a"));
        await Assert.ThrowsAsync<StoreBusyException>(() => store.ReadAsync("a", 0, new byte[1]));
        await Assert.ThrowsAsync<StoreBusyException>(
            () => store.PutAsync("a", Text("x"), WriteOptions.Create()));
        await Assert.ThrowsAsync<StoreBusyException>(
            () => store.CommitBlocksAsync("a", [Staged(1)], WriteOptions.Create()));
        await Assert.ThrowsAsync<StoreBusyException>(async () =>
        {
            await foreach (var found in store.ListAsync(""))
                Assert.Fail($"{found.Name} was listed.");
        });
    }

    [Fact]
    public async Task A_service_that_stays_silent_is_busy()
    {
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var setting = $"DefaultEndpointsProtocol=http;AccountName=first;AccountKey={Azurite.Key};"
            + $"BlobEndpoint=http://{silent.LocalEndpoint}/first;";
        var options = new AzureStoreOptions
        {
            MaxRetries = 1,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            NetworkTimeout = TimeSpan.FromMilliseconds(100),
        };

        var error = await Assert.ThrowsAsync<StoreBusyException>(
            () => AzurePlacements.OpenAsync(setting, options));
        Assert.Contains("silent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_a_cancellation_and_no_store_error()
    {
        using var source = new CancellationTokenSource();
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        transport.Instead = _ =>
        {
            source.Cancel();
            throw new IOException("cut");
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.FindAsync("a", source.Token));
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_meets_its_own_result()
    {
        // The port leaves open which it is; what counts is that the object is there, once.
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        var lost = false;
        transport.Afterwards = request =>
        {
            if (request.Method == RequestMethod.Put && !lost)
            {
                lost = true;
                throw new IOException("The answer was lost.");
            }
        };

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.PutAsync("a", Text("mine"), WriteOptions.Create()));
        Assert.True(lost);
        Assert.Equal("mine", await ReadTextAsync(store, "a"));
    }

    [Fact]
    public async Task A_delete_whose_answer_was_lost_finds_nothing_to_delete()
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        var put = await store.PutAsync("a", Text("x"), WriteOptions.Create());
        var lost = false;
        transport.Afterwards = request =>
        {
            if (request.Method == RequestMethod.Delete && !lost)
            {
                lost = true;
                throw new IOException("The answer was lost.");
            }
        };

        Assert.False(await store.DeleteAsync("a"));
        Assert.True(lost);
        Assert.Null(await store.FindAsync("a"));
        Assert.NotNull(put.ETag);
    }
}
