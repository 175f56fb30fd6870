using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Cloning;

/// <summary>New machines that are stored against the one that they are most like.</summary>
public sealed class DependentBaseTests
{
    private const int DiskBytes = 100_000;

    private readonly Random _random = new(5);
    private readonly CloneRig _rig = new(new Rig(
        new EngineOptions { ChunkSteps = 2, ReverseTier = StorageTier.Cool },
        new ManifestOptions(4, 8, 1, 6)));

    [Fact]
    public async Task A_machine_that_resembles_another_is_stored_against_it_and_lives_on()
    {
        await StrangersAsync();
        var disk = await OriginAsync();
        _random.NextBytes(disk.AsSpan(40_000, 9_000));
        var before = Stored();
        var result = await LikeAsync("second", disk, "auto");
        Assert.Equal(("golden", 2), (result.Like!.Machine, result.Like.Version));
        Assert.InRange(result.Like.SamePercent, 80, 99);
        // Of about 97,000 bytes that are not zero.
        Assert.InRange(result.Like.SavedBytes, 70_000, 97_000);
        // A third of what the disk holds, most of it indexes of tiny blocks and copies of a manifest.
        Assert.InRange(Stored() - before, 9_000, 35_000);
        await _rig.CheckAsync("first version");
        for (var i = 0; i < 4; i++)
        {
            _random.NextBytes(disk.AsSpan(_random.Next(90_000), 700));
            await _rig.IngestAsync("second", disk);
        }
        await _rig.CheckAsync("more versions");
        await _rig.ExpireAsync("second", 1, 2);
        await _rig.ConsolidateAsync("second", 3);
        await _rig.CheckAsync("expired and consolidated");
        await _rig.FlattenAsync("second");
        await _rig.CheckAsync("flattened");
    }

    [Fact]
    public async Task A_machine_like_none_is_stored_whole()
    {
        await StrangersAsync();
        var disk = new byte[DiskBytes];
        _random.NextBytes(disk);
        var result = await LikeAsync("second", disk, "auto");
        Assert.Equal(new LikeResult(null, 0, 0), result.Like);
        Assert.Null((await _rig.Rig.Life.Manifests.LoadAsync("second")).Head.Origin);
        await _rig.CheckAsync("whole");
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(130_000)]
    public async Task A_disk_of_another_size_can_rest_on_it_too(int length)
    {
        var origin = await OriginAsync();
        var disk = new byte[length];
        origin.AsSpan(0, Math.Min(length, origin.Length)).CopyTo(disk);
        _random.NextBytes(disk.AsSpan(length - 3000));
        var result = await LikeAsync("second", disk, "golden");
        Assert.Equal("golden", result.Like!.Machine);
        await _rig.CheckAsync($"{length} bytes");
    }

    [Fact]
    public async Task Nothing_is_asked_of_a_machine_that_has_a_version()
    {
        var disk = await OriginAsync();
        await LikeAsync("second", disk, "auto");
        _random.NextBytes(disk.AsSpan(0, 100));
        var again = await LikeAsync("second", disk, "auto");
        Assert.Equal(new LikeResult(null, 0, 0), again.Like);
        Assert.Equal(2, again.Version);
        await _rig.CheckAsync("second version");
    }

    [Fact]
    public async Task What_is_set_once_holds_for_new_machines_that_say_nothing_themselves()
    {
        var disk = await OriginAsync();
        var manifests = _rig.Rig.Life.Manifests;
        Assert.Null(LikeSetting.Read(null));
        Assert.Null(LikeSetting.Read("none"));
        Assert.Equal("auto", LikeSetting.Read(" auto "));
        Assert.Equal("like", Assert.Throws<RefusedException>(() => LikeSetting.Read("golden")).Reason);
        Assert.Equal("auto", await SetAsync("second", null, "auto"));
        Assert.Null(await SetAsync("second", null, null));
        foreach (var said in new[] { "none", "golden" })
            Assert.Equal(said, await SetAsync("second", said, "auto"));
        Assert.Null(await SetAsync("golden", null, "auto"));
        // Said to be stored by itself, it is, however alike it be.
        var alone = await LikeAsync("second", disk, "none");
        Assert.Null(alone.Like);
        Assert.Null((await manifests.LoadAsync("second")).Head.Origin);
        await _rig.CheckAsync("by itself");

        async Task<string?> SetAsync(string machine, string? said, string? setting) =>
            (await LikeSetting.ApplyAsync(
                new IngestInput(machine, [], Like: said), setting, manifests, default)).Like;
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("marked")]
    public async Task A_candidate_that_cannot_be_read_or_pinned_leaves_the_image_whole(string how)
    {
        var disk = await OriginAsync();
        if (how is "damaged")
            foreach (var name in _rig.Rig.Base.Names("machines/golden/").Where(
                n => n.EndsWith("/base", StringComparison.Ordinal)))
                await _rig.Rig.Base.DeleteAsync(name);
        else
            // Marked for deletion between the choice and the pin.
            _rig.Rig.Process.Trace = operation =>
            {
                if (operation is { Kind: StoreOperationKind.Read } && operation.Name.StartsWith(
                    "machines/golden/", StringComparison.Ordinal)) Mark();
            };
        var result = await LikeAsync("second", disk, "auto");
        _rig.Rig.Process.Trace = null;
        Assert.Null(result.Like!.Machine);
        Assert.Null((await _rig.Rig.Life.Manifests.LoadAsync("second")).Head.Origin);
        Assert.Equal(1, result.Version);

        void Mark()
        {
            _rig.Rig.Process.Trace = null;
            _rig.Rig.Life.Manifests.UpdateAsync("golden", edit =>
            {
                edit.SetPurged(edit.Now);
                return ValueTask.CompletedTask;
            }).GetAwaiter().GetResult();
        }
    }

    private async Task<IngestResult> LikeAsync(string machine, byte[] disk, string like)
    {
        var job = _rig.Rig.NextJob();
        _rig.Rig.Sources.Add(job, (byte[])disk.Clone());
        var result = await _rig.Rig.Life.RunAsync(
            FlowNames.Ingest,
            new IngestInput(machine, [new IngestDisk(job, null)], Like: like), job, machine);
        _rig.Model(machine).Add(result.Version, (byte[])disk.Clone());
        return result;
    }

    private async Task<byte[]> OriginAsync()
    {
        var disk = new byte[DiskBytes];
        _random.NextBytes(disk.AsSpan(3_000, 95_000));
        await _rig.IngestAsync("golden", disk, BaseRuleSettings.Newest);
        _random.NextBytes(disk.AsSpan(70_000, 2_000));
        await _rig.IngestAsync("golden", disk);
        return (byte[])disk.Clone();
    }

    private async Task StrangersAsync()
    {
        foreach (var name in new[] { "a-stranger", "z-stranger" })
        {
            var disk = new byte[DiskBytes];
            _random.NextBytes(disk);
            await _rig.IngestAsync(name, disk, BaseRuleSettings.Newest);
        }
        await _rig.Rig.Life.Manifests.CreateAsync(
            "empty", Rig.Tiny, MachinePolicy.Default);
    }

    private long Stored() =>
        _rig.Rig.Base.Fingerprint("machines/second/").Sum(f => (long)f.LengthBytes)
        + _rig.Rig.Delta.Fingerprint("machines/second/").Sum(f => (long)f.LengthBytes);
}
