using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.TestShared.Stores;

/// <content>Several callers at once.</content>
public abstract partial class ObjectStoreContract
{
    private const int Racers = 8;

    [Fact]
    public async Task Of_many_that_create_one_wins()
    {
        var store = await OpenAsync();
        var winner = await RaceAsync(
            racer => store.PutAsync("a", Bytes(100, racer), WriteOptions.Create()));

        Assert.Equal(Bytes(100, winner), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task Of_many_that_replace_one_state_one_wins()
    {
        var store = await OpenAsync();
        var etag = (await PutSmallAsync(store, "a")).ETag;
        for (var round = 0; round < 5; round++)
        {
            var winner = await RaceAsync(
                racer => store.PutAsync("a", Bytes(100, racer), WriteOptions.Replace(etag)));
            Assert.Equal(Bytes(100, winner), await ContentAsync(store, "a"));
            etag = (await FoundAsync(store, "a")).ETag;
        }
    }

    [Fact]
    public async Task Of_many_that_commit_over_one_state_one_wins()
    {
        var store = await OpenAsync();
        var first = await CommitAsync(store, "a", Bytes(50, 1));
        for (var racer = 1; racer <= Racers; racer++)
            await store.StageBlockAsync("a", Id(10 + racer), Bytes(100, racer));
        var winner = await RaceAsync(racer => store.CommitBlocksAsync(
            "a", [Kept(1), Staged(10 + racer)], WriteOptions.Replace(first.ETag)));

        Assert.Equal(Joined(Bytes(50, 1), Bytes(100, winner)), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task Of_many_that_commit_a_new_object_one_wins()
    {
        var store = await OpenAsync();
        for (var racer = 1; racer <= Racers; racer++)
            await store.StageBlockAsync("a", Id(racer), Bytes(100, racer));
        var winner = await RaceAsync(racer => store.CommitBlocksAsync(
            "a", [Staged(racer)], WriteOptions.Create()));

        Assert.Equal(Bytes(100, winner), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_counter_raised_by_compare_and_swap_loses_no_turn()
    {
        var store = await OpenAsync();
        await store.PutAsync("counter", BitConverter.GetBytes(0), WriteOptions.Create());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 5;)
            {
                var (content, properties) = await store.ReadWholeAsync("counter", 4);
                var next = BitConverter.GetBytes(BitConverter.ToInt32(content) + 1);
                try
                {
                    await store.PutAsync("counter", next, WriteOptions.Replace(properties.ETag));
                    done++;
                }
                catch (OvertakenException)
                {
                    // Another raised it first; read again.
                }
            }
        })));

        Assert.Equal(20, BitConverter.ToInt32(await ContentAsync(store, "counter")));
    }

    [Fact]
    public async Task Blocks_staged_side_by_side_are_all_there()
    {
        var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(1, 40).Select(number => Task.Run(
            () => store.StageBlockAsync("a", Id(number), Bytes(5000 + number, number)))));
        await store.CommitBlocksAsync(
            "a", [.. Enumerable.Range(1, 40).Select(Staged)], WriteOptions.Create());

        Assert.Equal(
            Joined([.. Enumerable.Range(1, 40).Select(n => Bytes(5000 + n, n))]),
            await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_reader_beside_a_patcher_sees_one_state_or_is_overtaken()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(40_000, 1), Bytes(40_000, 1));
        var patching = Task.Run(async () =>
        {
            for (var round = 2; round < 40; round++)
            {
                await store.StageBlockAsync("a", Id(2 * round), Bytes(40_000, round));
                await store.StageBlockAsync("a", Id((2 * round) + 1), Bytes(40_000, round));
                await store.CommitBlocksAsync(
                    "a", [Staged(2 * round), Staged((2 * round) + 1)], new WriteOptions());
            }
        });
        while (!patching.IsCompleted)
        {
            var pinned = await FoundAsync(store, "a");
            var read = new byte[80_000];
            try
            {
                await store.ReadAsync("a", 0, read, pinned.ETag);
            }
            catch (OvertakenException)
            {
                continue;
            }

            Assert.True(read.AsSpan(0, 40_000).SequenceEqual(read.AsSpan(40_000)), "torn read");
        }

        await patching;
    }

    [Fact]
    public async Task A_whole_read_beside_a_writer_has_the_properties_of_its_bytes()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(10, 10), new WriteOptions());
        var writing = Task.Run(async () =>
        {
            for (var length = 11; length < 80; length++)
                await store.PutAsync("a", Bytes(length, length), new WriteOptions());
        });
        while (!writing.IsCompleted)
        {
            var (content, properties) = await store.ReadWholeAsync("a", 100);
            Assert.Equal(properties.LengthBytes, content.Length);
            Assert.Equal(Bytes(content.Length, content.Length), content);
        }

        await writing;
    }

    /// <summary>Runs racers 1 to N at once; one must win, the rest be overtaken.</summary>
    private static async Task<int> RaceAsync(Func<int, Task> run)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var racers = Enumerable.Range(1, Racers).Select(racer => Task.Run(async () =>
        {
            await gate.Task;
            try
            {
                await run(racer);
                return true;
            }
            catch (OvertakenException)
            {
                return false;
            }
        })).ToArray();
        gate.SetResult();
        var won = await Task.WhenAll(racers);
        Assert.Equal(1, won.Count(winner => winner));
        return Array.IndexOf(won, true) + 1;
    }
}
