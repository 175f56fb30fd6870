using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.TestShared.Restoring;

/// <summary>What every implementation of the port must do.</summary>
public abstract class RestoreTargetsContract
{
    /// <summary>The targets under test.</summary>
    protected abstract IRestoreTargets Targets { get; }

    /// <summary>Names a target that is not there.</summary>
    protected abstract string Name { get; }

    /// <summary>The content under a name; null when there is none.</summary>
    protected abstract byte[]? Content(string name);

    /// <summary>Puts something under a name.</summary>
    protected abstract void Put(string name, byte[] content);

    [Fact]
    public async Task A_new_target_is_out_of_sight_until_it_is_complete()
    {
        var request = New(100);
        var identity = await Targets.PrepareAsync(request);
        await WriteAsync(request, identity, 40, [1, 2, 3]);
        Assert.Null(Content(Name));
        await Targets.CompleteAsync(request, identity);
        var expected = new byte[100];
        expected[40] = 1;
        expected[41] = 2;
        expected[42] = 3;
        Assert.Equal(expected, Content(Name));
    }

    [Theory]
    [InlineData(RestoreMode.New)]
    [InlineData(RestoreMode.Onto)]
    public async Task What_is_reserved_reads_as_before(RestoreMode mode)
    {
        byte[] held = [.. Enumerable.Range(0, 100).Select(i => (byte)(mode == RestoreMode.Onto ? i : 0))];
        if (mode == RestoreMode.Onto) Put(Name, held);
        var request = New(100) with { Mode = mode };
        var identity = await Targets.PrepareAsync(request);
        await using (var target = await Targets.OpenAsync(request, identity))
        {
            await target.ReserveAsync([new ByteRange(3, 20), new ByteRange(40, 100)]);
            await target.WriteAsync(50, new byte[] { 7, 8 });
            await target.ReserveAsync([new ByteRange(45, 60)]);
            await target.FlushAsync();
        }
        await Targets.CompleteAsync(request, identity);
        (held[50], held[51]) = (7, 8);
        Assert.Equal(held, Content(Name));
    }

    [Fact]
    public async Task Completing_and_abandoning_may_be_repeated()
    {
        var request = New(10);
        var identity = await Targets.PrepareAsync(request);
        await Targets.CompleteAsync(request, identity);
        await Targets.CompleteAsync(request, identity);
        await Targets.AbandonAsync(request, identity);
        await Targets.AbandonAsync(request, identity);
        Assert.Equal(new byte[10], Content(Name));
    }

    [Fact]
    public async Task What_is_abandoned_is_gone()
    {
        var request = New(10);
        var identity = await Targets.PrepareAsync(request);
        await Targets.AbandonAsync(request, identity);
        await RefusedAsync("replaced", () => Targets.OpenAsync(request, identity).AsTask());
        await RefusedAsync("replaced", () => Targets.CompleteAsync(request, identity).AsTask());
        Assert.Null(Content(Name));
    }

    [Fact]
    public async Task One_that_is_there_is_refused_unless_it_may_be_overwritten()
    {
        Put(Name, [7]);
        await RefusedAsync("exists", () => Targets.PrepareAsync(New(10)).AsTask());
        var request = New(10) with { Mode = RestoreMode.Overwrite };
        var identity = await Targets.PrepareAsync(request);
        Assert.Equal([7], Content(Name));
        await Targets.CompleteAsync(request, identity);
        Assert.Equal(new byte[10], Content(Name));
    }

    [Fact]
    public async Task One_that_is_made_meanwhile_is_not_overwritten()
    {
        var request = New(10);
        var identity = await Targets.PrepareAsync(request);
        Put(Name, [7]);
        await RefusedAsync("exists", () => Targets.CompleteAsync(request, identity).AsTask());
        Assert.Equal([7], Content(Name));
    }

    [Fact]
    public async Task A_later_restore_takes_over_and_the_earlier_one_is_refused()
    {
        var request = New(10);
        var earlier = await Targets.PrepareAsync(request);
        await WriteAsync(request, earlier, 0, [1]);
        var later = await Targets.PrepareAsync(request);
        await RefusedAsync("replaced", () => Targets.OpenAsync(request, earlier).AsTask());
        await RefusedAsync("replaced", () => Targets.CompleteAsync(request, earlier).AsTask());
        await Targets.AbandonAsync(request, earlier);
        await WriteAsync(request, later, 1, [2]);
        await Targets.CompleteAsync(request, later);
        Assert.Equal([0, 2, 0, 0, 0, 0, 0, 0, 0, 0], Content(Name));
    }

    [Fact]
    public async Task One_of_another_length_is_not_completed()
    {
        var request = New(0);
        var identity = await Targets.PrepareAsync(request);
        await WriteAsync(request, identity, 0, [1, 2, 3]);
        await RefusedAsync("length", () => Targets.CompleteAsync(
            request with { LengthBytes = 4 }, identity).AsTask());
        Assert.Null(Content(Name));
        await Targets.CompleteAsync(request with { LengthBytes = 3 }, identity);
        Assert.Equal([1, 2, 3], Content(Name));
    }

    [Fact]
    public async Task One_that_is_written_onto_keeps_what_is_not_written()
    {
        await RefusedAsync("missing", () => Targets.PrepareAsync(Onto(5)).AsTask());
        Put(Name, [1, 2, 3, 4, 5, 6]);
        var identity = await Targets.PrepareAsync(Onto(5));
        await WriteAsync(Onto(5), identity, 1, [9]);
        await using (var target = await Targets.OpenAsync(Onto(5), identity))
        {
            await target.ZeroAsync(2, 2);
            var read = new byte[5];
            await target.ReadAsync(0, read);
            Assert.Equal([1, 9, 0, 0, 5], read);
            Assert.Equal(5, target.LengthBytes);
        }
        await Targets.CompleteAsync(Onto(5), identity);
        await Targets.AbandonAsync(Onto(5), identity);
        Assert.Equal([1, 9, 0, 0, 5], Content(Name));
    }

    [Fact]
    public async Task One_that_is_trusted_must_have_the_length_before_or_after()
    {
        Put(Name, [1, 2, 3]);
        await RefusedAsync("length", () => Targets.PrepareAsync(
            Onto(5) with { KnownLengthBytes = 4 }).AsTask());
        Assert.Equal([1, 2, 3], Content(Name));
        await Targets.PrepareAsync(Onto(5) with { KnownLengthBytes = 3 });
        Assert.Equal([1, 2, 3, 0, 0], Content(Name));
        await Targets.PrepareAsync(Onto(5) with { KnownLengthBytes = 3 });
    }

    [Fact]
    public async Task What_was_not_written_is_no_data()
    {
        var request = New(1 << 20);
        var identity = await Targets.PrepareAsync(request);
        await WriteAsync(request, identity, 1 << 19, [1]);
        await using var target = await Targets.OpenAsync(request, identity);
        var data = await target.NextDataAsync(0, 1 << 20);
        Assert.NotNull(data);
        Assert.InRange(data.Value.Offset, 1, 1 << 19);
        Assert.InRange(data.Value.End, (1 << 19) + 1, 1 << 20);
        Assert.Null(await target.NextDataAsync(0, 1));
    }

    private RestoreTargetRequest New(long length) => new(Name, RestoreMode.New, length);

    private RestoreTargetRequest Onto(long length) => new(Name, RestoreMode.Onto, length);

    private async Task WriteAsync(
        RestoreTargetRequest request, string identity, long offset, byte[] bytes)
    {
        await using var target = await Targets.OpenAsync(request, identity);
        await target.WriteAsync(offset, bytes);
        await target.FlushAsync();
    }

    private static async Task RefusedAsync(string reason, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<RestoreTargetException>(action);
        Assert.Equal(reason, error.Reason);
    }
}
