using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Mounting;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Restoring;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>A writable mount over a blob service: what is written becomes a clone's version.</summary>
public sealed class MountTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private const string Machine = "vm";
    private const string Disk = "disk0";
    private const int DiskBytes = 6 << 20;
    private static readonly Layout Small = new(4096, 65536, 16, 512 << 10, 4 << 20);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_is_written_is_restored_from_the_clone_that_it_is_committed_to()
    {
        var placements = await OpenBothAsync();
        var options = new EngineOptions { Layout = Small };
        var sources = new TinySources();
        var targets = new MemoryRestoreTargets();
        var services = new StepServices(
            placements.Base, placements.Delta,
            new ManifestStore(
                placements.Base, placements.Delta, ManifestOptions.Default, TimeProvider.System),
            sources, TimeProvider.System, options);
        var context = new PlainFlowContext(
            [.. EngineParts.Flows(options), .. RestoreParts.Flows(options)],
            [.. EngineParts.Steps(services), .. RestoreParts.Steps(services, targets)]);
        var random = new Random(71);
        var version = new byte[DiskBytes];
        random.NextBytes(version.AsSpan(0, 5 << 20));
        sources.Add("v1", version);
        await context.RunFlowAsync(
            FlowNames.Ingest, new IngestInput(Machine, [new IngestDisk("v1", Disk)]));

        var mount = await services.Mounts.OpenAsync(
            Machine, null, "0123456789abcdef", None);
        var content = (byte[])version.Clone();
        var view = await services.Views.OpenAsync(Machine, 1, Disk, None);
        var chunks = new MountChunks(placements.Base, mount, mount.Disk(Disk));
        var writer = new MountWriter(
            services.Mounts.Records, chunks,
            async (at, place, token) => await view.ReadAsync(at, place, token),
            TimeProvider.System);
        // Side by side, over the same chunks too: conditions are the service's own here.
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            var bytes = new byte[90_000];
            new Random(i).NextBytes(bytes);
            bytes.CopyTo(content, 500_123 + (i * bytes.Length));
            await writer.WriteAsync(500_123 + (i * bytes.Length), bytes, None);
        }));
        await writer.WriteAsync(5_300_000, new byte[] { 1, 2, 3 }, None);
        content[5_300_000] = 1;
        content[5_300_001] = 2;
        content[5_300_002] = 3;
        foreach (var wanted in new[] { 1L, long.MaxValue })
        {
            var found = new byte[DiskBytes];
            await new MountedView(services.Mounts.Records, chunks, view, wanted)
                .ReadAsync(0, found, None);
            Assert.True(found.AsSpan().SequenceEqual(content));
        }

        var made = await context.RunFlowAsync(
            MountNames.Commit, new CommitMountInput(Machine, mount.Id, "copy"));
        Assert.Equal(("copy", 2), (made.Machine, made.Version));
        await context.RunFlowAsync(RestoreNames.Restore, new RestoreInput("copy", "two", 2, Disk));
        await context.RunFlowAsync(RestoreNames.Restore, new RestoreInput(Machine, "one", 1, Disk));
        Assert.True(targets["two"].AsSpan().SequenceEqual(content));
        Assert.True(targets["one"].AsSpan().SequenceEqual(version));
        await foreach (var left in placements.Base.ListAsync(ObjectNames.Mounts(Machine)))
            Assert.Fail($"{left.Name} is left");
    }
}
