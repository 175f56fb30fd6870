using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Readers;

/// <summary>Readers on several threads while bases move, versions come and one is taken back.</summary>
public sealed class ConcurrentReaderTests(ITestOutputHelper output)
{
    private const int Readers = 10;
    private const int Seed = 11;
    private readonly ConcurrentDictionary<int, SortedDictionary<string, byte[]>> _versions = new();
    private readonly ConcurrentDictionary<int, bool> _withdrawn = new();
    private int _bases;
    private long _reads;
    private long _overtaken;
    private long _refused;

    [Fact]
    public async Task No_reader_ever_sees_a_wrong_byte()
    {
        var (rig, disks) = await Scenes.PreparedAsync(
            BaseRuleSettings.AfterForwards, 4, yields: true);
        Publish(rig);
        rig.Process.Trace = operation =>
        {
            if (operation.Kind == StoreOperationKind.CommitBlocks) Interlocked.Increment(ref _bases);
        };
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, Readers)
            .Select(i => Task.Run(() => ReadAsync(rig, Seed + i, stop.Token))).ToList();
        try
        {
            // Six, and more only while the readers have come to little beside them.
            for (var round = 0; round < 6 || (round < 60 && !HaveMet(readers)); round++)
                await RoundAsync(rig, disks);
        }
        finally
        {
            await stop.CancelAsync();
        }
        await Task.WhenAll(readers);
        output.WriteLine(
            $"seed {Seed}: {_reads} reads, {_overtaken} of them overtaken, {_refused} of withdrawn "
            + $"versions refused, {_bases} commits of bases");
        Assert.InRange(_bases, 3, int.MaxValue);
        Assert.InRange(_overtaken, 1, long.MaxValue);
        Assert.InRange(_reads, 500, long.MaxValue);
        await rig.CheckAsync("afterwards");
        await ListedObjects.CheckAsync(rig, "afterwards");
    }

    /// <summary>Whether the readers have read much beside the moves; none goes on after an error.</summary>
    private bool HaveMet(List<Task> readers) => readers.Exists(r => r.IsFaulted)
        || (Interlocked.Read(ref _reads) >= 500 && Interlocked.Read(ref _overtaken) >= 1);

    /// <summary>Forwards, back, forwards again; one more version, and it is taken back.</summary>
    private async Task RoundAsync(Rig rig, Scenes.Disks disks)
    {
        await rig.ConsolidateAsync(rig.Model.Keys.Max());
        await rig.ConsolidateAsync(2);
        disks.Change();
        await rig.IngestAsync(disks.All);
        Publish(rig);
        await rig.ConsolidateAsync(3);
        disks.Change();
        await rig.IngestAsync(disks.All);
        Publish(rig);
        var newest = rig.Model.Keys.Max();
        await rig.ConsolidateAsync(newest);
        // Before it begins: from then on a reader may be refused.
        _withdrawn[newest] = true;
        await rig.UndoAsync();
        _versions.TryRemove(newest, out _);
        // Objects retired an hour ago are swept by the next operation, under the readers.
        rig.Time.Advance(TimeSpan.FromHours(1));
    }

    private void Publish(Rig rig)
    {
        foreach (var (number, disks) in rig.Model) _versions.TryAdd(number, disks);
    }

    private async Task ReadAsync(Rig rig, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        var life = rig.LifeOf(new SimulatedProcess());
        while (!stop.IsCancellationRequested)
        {
            var (number, disks) = Pick(random);
            var (disk, expected) = disks.ElementAt(random.Next(disks.Count));
            DiskView? view = null;
            try
            {
                view = await life.Services.Views.OpenAsync(
                    Rig.Machine, number, disk, CancellationToken.None);
                var most = random.Next(1, 40);
                for (var i = 0; i < most && !stop.IsCancellationRequested; i++)
                    await ReadAsync(view, number, disk, expected, random);
            }
            catch (NoSuchException) when (_withdrawn.ContainsKey(number))
            {
                Interlocked.Increment(ref _refused);
            }
            if (view is not null) Interlocked.Add(ref _overtaken, view.Overtaken);
        }
    }

    private async Task ReadAsync(
        DiskView view, int number, string disk, byte[] expected, Random random)
    {
        var offset = random.Next(expected.Length);
        var length = random.Next(1, Math.Min(9000, expected.Length - offset) + 1);
        var found = new byte[length];
        await view.ReadAsync(offset, found);
        Assert.True(
            found.AsSpan().SequenceEqual(expected.AsSpan(offset, length)),
            $"version {number} disk {disk} differs within {length} bytes from {offset}");
        Interlocked.Increment(ref _reads);
    }

    private (int Number, SortedDictionary<string, byte[]> Disks) Pick(Random random)
    {
        var all = _versions.ToArray();
        var one = all[random.Next(all.Length)];
        return (one.Key, one.Value);
    }
}
