using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using SnapshotFunctions.AzureStore;
using SnapshotFunctions.AzureStore.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Restoring;
using Xunit;

namespace SnapshotFunctions.AzuriteTests.Restoring;

/// <summary>The contract of restore targets, held by blobs.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class BlobRestoreTargetsTests : RestoreTargetsContract, IAsyncLifetime
{
    private const int PageBytes = 512;

    private readonly BlobAccount _account;
    private readonly BlobContainerClient _container;
    private BlobRestoreTargets? _targets;

    public BlobRestoreTargetsTests(AzuriteFixture azurite)
    {
        _account = BlobAccount.Open(azurite.First);
        _container = new BlobContainerClient(azurite.First, azurite.NewContainer());
    }

    protected override IRestoreTargets Targets => _targets!;

    protected override string Name => "web/7/disk0.raw";

    public async Task InitializeAsync() =>
        _targets = await BlobRestoreTargets.OpenAsync(_account, _container.Name);

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A page blob is read to the disk's own length, as its metadata tells it.</summary>
    protected override byte[]? Content(string name)
    {
        var blob = _container.GetBlobClient(name);
        if (!blob.Exists()) return null;
        var found = blob.GetProperties().Value;
        var bytes = blob.DownloadContent().Value.Content.ToArray();
        return bytes[..(int)BlobTargetMarks.LengthOf(found)];
    }

    protected override void Put(string name, byte[] content)
    {
        var blob = _container.GetPageBlobClient(name);
        var whole = new byte[PageBlobTarget.Rounded(content.Length)];
        content.CopyTo(whole, 0);
        blob.Create(
            whole.Length,
            new PageBlobCreateOptions { Metadata = BlobTargetMarks.Of("none", content.Length) });
        using var stream = new MemoryStream(whole);
        blob.UploadPages(stream, 0);
    }

    [Fact]
    public async Task Random_writes_and_zeros_of_any_alignment_come_out_as_written()
    {
        const int seed = 4711;
        const int length = 100_003;
        var random = new Random(seed);
        var model = new byte[length];
        var request = new RestoreTargetRequest("a.raw", RestoreMode.New, length);
        var identity = await Targets.PrepareAsync(request);
        await using (var target = await Targets.OpenAsync(request, identity))
        {
            for (var round = 0; round < 40; round++)
            {
                var offset = random.Next(length);
                var count = random.Next(1, Math.Min(length - offset, 9_000) + 1);
                if (round % 3 == 2)
                {
                    await target.ZeroAsync(offset, count);
                    model.AsSpan(offset, count).Clear();
                    continue;
                }
                random.NextBytes(model.AsSpan(offset, count));
                await target.WriteAsync(offset, model.AsMemory(offset, count));
            }
            var read = new byte[length];
            await target.ReadAsync(0, read);
            Assert.True(model.AsSpan().SequenceEqual(read), $"seed {seed}");
        }
        await Targets.CompleteAsync(request, identity);
        Assert.True(model.AsSpan().SequenceEqual(Content("a.raw")), $"seed {seed}");
    }

    [Fact]
    public async Task A_write_longer_than_one_request_takes_is_cut()
    {
        var bytes = new byte[(9 << 20) + 700];
        new Random(5).NextBytes(bytes);
        var request = new RestoreTargetRequest("long.raw", RestoreMode.New, bytes.Length + 100);
        var identity = await Targets.PrepareAsync(request);
        await using (var target = await Targets.OpenAsync(request, identity))
            await target.WriteAsync(100, bytes);
        await Targets.CompleteAsync(request, identity);
        Assert.Equal(bytes, Content("long.raw")![100..]);
    }

    [Fact]
    public async Task What_is_appended_is_a_block_blob_that_a_second_run_writes_again()
    {
        var bytes = new byte[(33 << 20) + 5];
        new Random(6).NextBytes(bytes);
        var request = new RestoreTargetRequest("a.qcow2", RestoreMode.New, 0);
        var identity = await Targets.PrepareAsync(request);
        for (var run = 0; run < 2; run++)
        {
            await using var target = await Targets.OpenAsync(request, identity);
            await target.WriteAsync(0, bytes.AsMemory(0, 1 << 20));
            await target.WriteAsync(1 << 20, bytes.AsMemory(1 << 20));
            await target.FlushAsync();
            Assert.Equal(bytes.Length, target.LengthBytes);
        }
        await Targets.CompleteAsync(request with { LengthBytes = bytes.Length }, identity);
        var found = (await _container.GetBlobClient("a.qcow2").GetPropertiesAsync()).Value;
        Assert.Equal(BlobType.Block, found.BlobType);
        Assert.Equal(bytes, Content("a.qcow2"));
    }

    [Fact]
    public async Task Only_a_page_blob_is_written_onto()
    {
        await _container.UploadBlobAsync("b.raw", new BinaryData("block"));
        var error = await Assert.ThrowsAsync<RestoreTargetException>(() => Targets.PrepareAsync(
            new RestoreTargetRequest("b.raw", RestoreMode.Onto, PageBytes)).AsTask());
        Assert.Equal("denied", error.Reason);
    }

    [Fact]
    public async Task One_that_was_made_shorter_and_longer_again_reads_as_zeros_behind_the_end()
    {
        Put("c.raw", [.. Enumerable.Repeat((byte)7, 2_000)]);
        foreach (var length in new[] { 1_000, 3_000 })
        {
            var request = new RestoreTargetRequest("c.raw", RestoreMode.Onto, length);
            await Targets.CompleteAsync(request, await Targets.PrepareAsync(request));
        }
        Assert.Equal(
            [.. Enumerable.Repeat((byte)7, 1_000), .. new byte[2_000]], Content("c.raw")!);
    }

    [Fact]
    public async Task A_name_that_no_store_takes_is_refused()
    {
        await Assert.ThrowsAsync<StoreRefusedException>(() => Targets.PrepareAsync(
            new RestoreTargetRequest("../x", RestoreMode.New, 1)).AsTask());
    }
}
