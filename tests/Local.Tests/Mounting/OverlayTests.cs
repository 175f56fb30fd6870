using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Mounting.Overlays;
using SnapshotFunctions.Local.Store;
using SnapshotFunctions.LocalTests.Oracle;
using Xunit;

namespace SnapshotFunctions.LocalTests.Mounting;

/// <summary>An overlay on this machine's own disk.</summary>
public sealed class OverlayTests : IDisposable
{
    private const int SizeBytes = (1100 * OverlayModel.Sector) - 77;

    private readonly TemporaryFolder _folder = new();
    private readonly DiskFileLayer _files = new(TimeProvider.System);

    public OverlayTests()
    {
        Directory.CreateDirectory(_folder["o"]);
        OverlayDisk.Create(_files, _folder["o"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_work_and_reopening_matches_a_model(int seed)
    {
        var model = new OverlayModel(SizeBytes, seed);
        var random = new Random(seed);
        for (var life = 0; life < 6; life++)
        {
            using var disk = model.Open(_files, _folder["o"]);
            await model.CheckLastAsync(disk, $"seed {seed}, life {life}, opened");
            for (var step = 0; step < 200; step++) await model.StepAsync(disk, random);
            await model.CheckLastAsync(disk, $"seed {seed}, life {life}");
            // Every other time it is left as a killed process leaves it.
            if (life % 2 == 0) await disk.CloseAsync(default);
        }
    }

    [Fact]
    public async Task Writers_and_readers_side_by_side_never_meet_a_torn_sector()
    {
        var model = new OverlayModel(SizeBytes, 3);
        using var disk = model.Open(_files, _folder["o"]);
        await disk.ZeroAsync(new ByteRange(0, SizeBytes), isStored: false, default);
        using var stop = new CancellationTokenSource();
        // Nobody writes before all read, and nobody stops before all have read twice: on few
        // processors writers could be done by then.
        var reading = Enumerable.Range(0, 2).Select(_ => new TaskCompletionSource()).ToList();
        var reads = new int[2];
        var readers = Enumerable.Range(0, 2).Select(r => Task.Run(async () =>
        {
            var found = new byte[40 * OverlayModel.Sector];
            do
            {
                reading[r].TrySetResult();
                await disk.ReadAsync(0, found, default);
                for (var at = 0; at < found.Length; at += OverlayModel.Sector)
                    Assert.False(
                        found.AsSpan(at, OverlayModel.Sector).ContainsAnyExcept(found[at]));
                Interlocked.Increment(ref reads[r]);
                await Task.Yield();
            }
            while (!stop.IsCancellationRequested);
            return reads[r];
        })).ToList();
        await Task.WhenAll(reading.Select(r => r.Task));
        var writers = Enumerable.Range(1, 3).Select(w => Task.Run(async () =>
        {
            var random = new Random(w);
            var sector = new byte[OverlayModel.Sector];
            for (var i = 0; i < 1500 || !AllReadTwice(); i++)
            {
                sector.AsSpan().Fill((byte)random.Next(1, 256));
                await disk.WriteAsync(random.Next(40) * OverlayModel.Sector, sector, default);
                if (i % 10 == 0) await disk.FlushAsync(default);
                await Task.Yield();
            }
        })).ToList();
        await Task.WhenAll(writers);
        await stop.CancelAsync();
        foreach (var reader in readers) Assert.InRange(await reader, 2, int.MaxValue);

        // A reader that met a torn sector reads no more: its error is told, not waited for.
        bool AllReadTwice() => readers.Exists(r => r.IsFaulted)
            || (Volatile.Read(ref reads[0]) >= 2 && Volatile.Read(ref reads[1]) >= 2);
    }

    [Fact]
    public async Task A_damaged_sector_is_an_error_and_never_data()
    {
        var model = new OverlayModel(SizeBytes, 4);
        using (var disk = model.Open(_files, _folder["o"]))
        {
            await model.WriteAsync(disk, 0, 4 * OverlayModel.Sector, new Random(1));
            await disk.CloseAsync(default);
        }
        using (var data = File.OpenHandle(
            _folder["o"] + "/data", FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.Write(data, [1, 2, 3], OverlayModel.Sector + 7);
        using var again = model.Open(_files, _folder["o"]);
        var sector = new byte[OverlayModel.Sector];
        await again.ReadAsync(0, sector, default);
        await Assert.ThrowsAsync<OverlayDamagedException>(
            async () => await again.ReadAsync(OverlayModel.Sector, sector, default));
    }

    [Fact]
    public async Task A_large_disk_that_is_trimmed_whole_costs_next_to_nothing()
    {
        const long Size = 16L << 40;
        Directory.CreateDirectory(_folder["big"]);
        OverlayDisk.Create(_files, _folder["big"]);
        using var disk = OverlayDisk.Open(
            _files, _folder["big"], Size, static (_, _, _) => throw new InvalidOperationException(),
            new OverlaySizes());
        for (var at = 0L; at < Size; at += 1L << 32)
            await disk.TrimAsync(new ByteRange(at, Math.Min(Size, at + (1L << 32))), default);
        await disk.WriteAsync(Size - 9, new byte[9], default);
        await disk.CloseAsync(default);
        var sector = new byte[OverlayModel.Sector];
        await disk.ReadAsync(Size / 3, sector, default);
        Assert.False(sector.AsSpan().ContainsAnyExcept((byte)0));
        var extents = new List<Extent>();
        await disk.ExtentsAsync(
            new ByteRange(0, 1L << 32), 10, extents,
            static (_, _, _, _) => throw new InvalidOperationException(), default);
        Assert.Equal([new Extent(new ByteRange(0, 1L << 32), ExtentKind.Zero)], extents);
        Assert.InRange(new FileInfo(_folder["big"] + "/data").Length, 1, 1 << 20);
    }

    [Fact]
    public async Task Overwriting_the_same_sectors_keeps_the_space_bounded()
    {
        var model = new OverlayModel(SizeBytes, 6);
        using var disk = model.Open(_files, _folder["o"]);
        var sector = new byte[OverlayModel.Sector];
        for (var i = 0; i < 3000; i++)
        {
            sector.AsSpan().Fill((byte)(i + 1));
            await disk.WriteAsync(i % 4 * OverlayModel.Sector, sector, default);
            if (i % 5 == 0) await disk.FlushAsync(default);
        }
        Assert.InRange(
            new FileInfo(_folder["o"] + "/data").Length, 1, 64 * OverlayModel.Sector);
    }

    public void Dispose() => _folder.Dispose();
}
