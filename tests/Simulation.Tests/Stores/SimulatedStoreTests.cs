using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Stores;

/// <summary>What the simulated store does beyond the contract: faults, counts and copies.</summary>
public sealed class SimulatedStoreTests
{
    private readonly SimulatedStore _store = new();

    [Fact]
    public async Task A_failure_before_an_operation_leaves_it_undone()
    {
        _store.Process.Faults = _ => StoreFault.Throttle(TimeSpan.FromSeconds(3));
        var busy = await Assert.ThrowsAsync<StoreBusyException>(() => PutAsync("a"));
        Assert.Equal(TimeSpan.FromSeconds(3), busy.RetryAfter);
        _store.Process.Faults = null;

        Assert.Null(await _store.FindAsync("a"));
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_operation_done()
    {
        _store.Process.Faults = operation =>
            operation.Number == 1 ? StoreFault.LoseAnswer : StoreFault.None;
        await Assert.ThrowsAsync<StoreBusyException>(() => PutAsync("a"));

        Assert.NotNull(await _store.FindAsync("a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_ends_the_process_and_no_other(bool after)
    {
        var other = _store.For(new SimulatedProcess());
        _store.Process.Faults = SimulatedProcess.CrashAt(2, after);
        await PutAsync("a");
        await Assert.ThrowsAsync<SimulatedCrashException>(() => PutAsync("b"));
        await Assert.ThrowsAsync<SimulatedCrashException>(() => _store.FindAsync("a"));

        Assert.NotNull(await other.FindAsync("a"));
        Assert.Equal(after, await other.FindAsync("b") is not null);
        _store.Process.Restart();
        Assert.NotNull(await _store.FindAsync("a"));
    }

    [Fact]
    public async Task A_stalled_commit_is_overtaken_when_it_wakes()
    {
        var first = await PutAsync("a");
        var pause = new StorePause();
        var stalled = _store.For(new SimulatedProcess { Faults = _ => StoreFault.PauseBefore(pause) });
        var commit = stalled.PutAsync("a", new byte[9], WriteOptions.Replace(first.ETag));
        await pause.Reached;
        await _store.PutAsync("a", new byte[5], WriteOptions.Replace(first.ETag));
        Assert.False(commit.IsCompleted);
        pause.Resume();

        await Assert.ThrowsAsync<OvertakenException>(() => commit);
        Assert.Equal(5, (await _store.FindAsync("a"))!.LengthBytes);
    }

    [Fact]
    public async Task Stores_of_one_process_number_their_operations_in_one_row()
    {
        var process = new SimulatedProcess();
        List<string> trace = [];
        process.Trace = operation => trace.Add($"{operation.Number} {operation.Store} {operation.Kind}");
        var one = new SimulatedStore(new() { Process = process, Description = "base" });
        var other = new SimulatedStore(new() { Process = process, Description = "delta" });
        await one.FindAsync("a");
        await other.DeleteAsync("a");

        Assert.Equal(["1 base Find", "2 delta Delete"], trace);
    }

    [Fact]
    public async Task Operations_and_bytes_are_counted_by_kind_and_tier()
    {
        await PutAsync("warm");
        var before = _store.Counters;
        await _store.PutAsync("a", new byte[100], new WriteOptions(Tier: StorageTier.Cold));
        await _store.ReadAsync("a", 10, new byte[30]);
        await _store.ReadAsync("a", 10, new byte[5]);
        var counted = _store.Counters.Since(before);

        Assert.Equal(3, counted.Operations);
        Assert.Equal((35, 100), (counted.BytesRead, counted.BytesWritten));
        Assert.Equal(
            new StoreTally(2, 35), counted.Tallies[(StoreOperationKind.Read, StorageTier.Cold)]);
    }

    [Fact]
    public async Task Frozen_contents_come_back_but_their_etags_do_not()
    {
        var first = await PutAsync("a");
        var frozen = _store.Freeze();
        var listing = _store.Fingerprint();
        var second = await _store.PutAsync("a", new byte[7], new WriteOptions());
        Assert.NotEqual(listing, _store.Fingerprint());
        _store.Restore(frozen);

        Assert.Equal(listing, _store.Fingerprint());
        Assert.Equal(first.ETag, (await _store.FindAsync("a"))!.ETag);
        Assert.DoesNotContain((await PutAsync("a")).ETag, new[] { first.ETag, second.ETag });
    }

    [Fact]
    public async Task A_clone_goes_its_own_way()
    {
        await PutAsync("a");
        var clone = _store.Clone();
        Assert.Equal(_store.Fingerprint(), clone.Fingerprint());
        await clone.DeleteAsync("a");

        Assert.NotNull(await _store.FindAsync("a"));
    }

    [Fact]
    public async Task A_flipped_byte_changes_the_bytes_and_not_the_etag()
    {
        var frozen = _store.Freeze();
        var first = await _store.PutAsync("a", new byte[10], new WriteOptions());
        var listing = _store.Fingerprint();
        _store.FlipByte("a", 4);
        var read = new byte[10];
        await _store.ReadAsync("a", 0, read, first.ETag);

        Assert.Equal([0, 0, 0, 0, 255, 0, 0, 0, 0, 0], read);
        Assert.NotEqual(listing, _store.Fingerprint());
        Assert.Empty(frozen.Fingerprint());
    }

    private Task<ObjectProperties> PutAsync(string name) =>
        _store.PutAsync(name, new byte[] { 1 }, new WriteOptions());
}
