using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Requests;

/// <summary>Parts that several writers of one step stage side by side.</summary>
public sealed class PartStagingTests
{
    private readonly SimulatedStore _store = new();

    [Fact]
    public async Task As_many_parts_are_under_way_as_allowed_whoever_stages_them()
    {
        var (begun, pause) = (0, new StorePause());
        _store.Process.Trace = _ => Interlocked.Increment(ref begun);
        _store.Process.Faults = _ => StoreFault.PauseBefore(pause);
        await using var staging = new PartStaging(3);
        for (var i = 0; i < 3; i++) await AddAsync(staging, $"name-{i}");
        var fourth = AddAsync(staging, "name-3");
        Assert.False(fourth.IsCompleted);
        Assert.Equal(3, begun);
        pause.Resume();
        await fourth;
        await staging.CompleteAsync();
        Assert.Equal(4, begun);
        for (var i = 0; i < 4; i++) Assert.Single(_store.StagedIds($"name-{i}"));
    }

    [Fact]
    public async Task Who_gives_up_has_nothing_staged_later()
    {
        var pause = StorePause.On(_store.Process, StoreOperationKind.StageBlock, "slow");
        var staging = new PartStaging(2);
        await AddAsync(staging, "slow");
        await pause.Reached;
        var ending = staging.DisposeAsync().AsTask();
        Assert.False(ending.IsCompleted);
        pause.Resume();
        await ending;
        Assert.Single(_store.StagedIds("slow"));
    }

    [Fact]
    public async Task A_part_that_is_not_staged_fails_the_writer()
    {
        _store.Process.Faults = operation =>
            operation.Name is "bad" ? StoreFault.FailBefore : StoreFault.None;
        await using var staging = new PartStaging(4);
        await AddAsync(staging, "bad");
        await AddAsync(staging, "good");
        await Assert.ThrowsAsync<StoreBusyException>(() => staging.CompleteAsync().AsTask());
    }

    private Task AddAsync(PartStaging staging, string name) => staging.AddAsync(
        () => _store.StageBlockAsync(
            name, Convert.ToBase64String("one-part"u8), new byte[100])).AsTask();
}
